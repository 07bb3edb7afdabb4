import { BACK_TITLE, KEEP_TITLE } from './title.ts';
import { writeAllSync } from './writer.ts';

/**
 * Alternate screen, no wrap, bracketed paste, news of the focus, keys told apart (where the terminal knows how), hidden
 * cursor.
 */
export const ENTER = '\x1b[?1049h\x1b[?7l\x1b[?2004h\x1b[?1004h\x1b[>1u\x1b[?25l\x1b[0m\x1b[2J\x1b[H';

/**
 * Buttons, the wheel, and motion while a button is down, told in decimal numbers: right beyond column 223 too. Other motion
 * is not wanted.
 */
export const MOUSE_ON = '\x1b[?1000h\x1b[?1002h\x1b[?1006h';
export const MOUSE_OFF = '\x1b[?1002l\x1b[?1000l\x1b[?1006l';

/** Undoes everything that any part of the app may have switched on, in an order that every terminal survives. */
export const RESTORE =
  '\x1b[?2026l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1005l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[<u\x1b[?1l\x1b>\x1b[r\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l';

/**
 * For a terminal in an unknown state: what `RESTORE` does, then the modes of a terminal that was just opened (DECSTR) and
 * its first character set. Scrolled text stays.
 */
export const RESET = `\x1b\\${RESTORE}\x1b[!p\x1b(B\x0f\x1b[?25h\r`;

/** Emoji of several code points as one picture of two columns. */
export const CLUSTERS_ON = '\x1b[?2027h';
export const CLUSTERS_OFF = '\x1b[?2027l';

/** Synchronized output and emoji as clusters, then the ground colour; the device attributes last, since every terminal answers those. */
export const PROBE = '\x1b[?2026$p\x1b[?2027$p\x1b]11;?\x1b\\\x1b[c';

export interface TerminalInput {
  isTTY?: boolean;
  setRawMode?(mode: boolean): unknown;
  resume(): unknown;
  pause(): unknown;
}

export interface TerminalOutput {
  fd?: number;
  isTTY?: boolean;
  write(text: string): unknown;
}

/** The one owner of the terminal's state. Both ways are safe to call twice. */
export class Terminal {
  readonly #input: TerminalInput;
  readonly #output: TerminalOutput;
  #isEntered = false;
  /** The mouse is ours, now and after every sleep. */
  hasMouse = false;
  /** Its title is ours meanwhile. */
  hasTitle = false;
  /** Emoji are clusters because we asked for it, now and after every sleep. */
  hasClusters = false;

  constructor(input: TerminalInput, output: TerminalOutput) {
    this.#input = input;
    this.#output = output;
  }

  get isEntered(): boolean {
    return this.#isEntered;
  }

  enter(): void {
    if (this.#isEntered) return;
    this.#isEntered = true;
    this.#input.setRawMode?.(true);
    this.#input.resume();
    const extras = (this.hasMouse ? MOUSE_ON : '') + (this.hasClusters ? CLUSTERS_ON : '');
    this.#now((this.hasTitle ? KEEP_TITLE : '') + ENTER + extras);
  }

  /** After a sleep others may have changed everything: all modes are set again. */
  reenter(): void {
    this.#isEntered = false;
    this.enter();
  }

  /** Works in an exit handler too: the sequence is written before it returns. Never throws. */
  restore(): void {
    if (!this.#isEntered) return;
    this.#isEntered = false;
    // A terminal that has clusters by itself keeps them.
    this.#now((this.hasTitle ? BACK_TITLE : '') + (this.hasClusters ? CLUSTERS_OFF : '') + RESTORE);
    try {
      this.#input.setRawMode?.(false);
      this.#input.pause();
    } catch {
      // The terminal is gone; there is nothing left to restore.
    }
  }

  #now(text: string): void {
    const { fd, isTTY } = this.#output;
    if (fd === undefined || isTTY !== true) {
      this.#output.write(text);
      return;
    }
    writeAllSync(fd, text);
  }
}
