import { StringDecoder } from 'node:string_decoder';
import type { Clock } from '../../platform/clock.ts';

/** The left button (pressed, moved while it is down, let go) or a step of the wheel, at a cell counted from 0. */
export interface MouseToken {
  kind: 'mouse';
  action: 'press' | 'drag' | 'release' | 'wheelup' | 'wheeldown';
  x: number;
  y: number;
}

/** What a terminal sent, taken apart. */
export type InputToken =
  /** `key` is a name of the keymap (`ctrl+c`, `shift+tab`, `up`), `text` what it types, if anything. */
  | { kind: 'key'; key: string; text: string }
  /** `isCut` where it was longer than anything that can be asked. */
  | { kind: 'paste'; text: string; isCut?: true }
  | MouseToken
  /** The window of the terminal came to the front or went behind others. */
  | { kind: 'focus'; isFocused: boolean }
  /** An answer to a question of ours: the sequence without its introducer. */
  | { kind: 'reply'; type: 'osc' | 'csi' | 'dcs'; body: string };

/** Silence after which a lone ESC is the Escape key and no beginning of a sequence. */
const ESCAPE_MS = 30;
/** Silence after which a sequence that has clearly begun is given up. */
const SEQUENCE_MS = 500;
const PASTE_START = '\x1b[200~';
const PASTE_END = '\x1b[201~';
/** Characters. Whoever pastes without an end must not use up the memory. */
export const MAX_PASTE = 16_000_000;
const MAX_STRING = 65_536;

/**
 * Splits raw input into tokens, whatever the packets it comes in. Sequences it does not know are dropped, never
 * typed. `close` stops its timer.
 */
export class InputTokenizer {
  readonly #clock: Clock;
  readonly #emit: (token: InputToken) => void;
  readonly #decoder = new StringDecoder('utf8');
  #buffer = '';
  #paste: string | null = null;
  #isPasteCut = false;
  #cancelTimer: (() => void) | null = null;

  constructor(clock: Clock, emit: (token: InputToken) => void) {
    this.#clock = clock;
    this.#emit = emit;
  }

  push(chunk: Uint8Array | string): void {
    this.#stopTimer();
    this.#buffer += typeof chunk === 'string' ? chunk : this.#decoder.write(Buffer.from(chunk));
    this.#drain(false);
    if (this.#buffer !== '' && this.#paste === null) {
      this.#cancelTimer = this.#clock.after(this.#buffer.length <= 2 ? ESCAPE_MS : SEQUENCE_MS, () => {
        this.#cancelTimer = null;
        this.#drain(true);
      });
    }
  }

  close(): void {
    this.#stopTimer();
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  #drain(isTimedOut: boolean): void {
    while (this.#buffer !== '') {
      if (this.#paste !== null) {
        if (!this.#takePaste()) return;
        continue;
      }
      const size = this.#takeOne(isTimedOut);
      if (size === 0) return;
      this.#buffer = this.#buffer.slice(size);
    }
  }

  /** Takes what belongs to the paste; false while its end has not come. */
  #takePaste(): boolean {
    const end = this.#buffer.indexOf(PASTE_END);
    // The end mark may be cut by a packet: keep as much back as it could be.
    const keep = end < 0 ? Math.min(this.#buffer.length, PASTE_END.length - 1) : 0;
    const upTo = end < 0 ? this.#buffer.length - keep : end;
    const before = this.#paste ?? '';
    // What is too much is not copied either: it may go on for long.
    const room = MAX_PASTE - before.length;
    this.#paste = before + this.#buffer.slice(0, Math.min(upTo, room));
    this.#isPasteCut ||= upTo > room;
    this.#buffer = this.#buffer.slice(upTo + (end < 0 ? 0 : PASTE_END.length));
    if (end < 0) return false;
    const text = this.#paste.replace(/\r\n?/g, '\n');
    this.#emit({ kind: 'paste', text, ...(this.#isPasteCut && { isCut: true }) });
    this.#paste = null;
    this.#isPasteCut = false;
    return true;
  }

  /** Length of the token at the front; 0 if it is not complete. */
  #takeOne(isTimedOut: boolean): number {
    const buffer = this.#buffer;
    if (buffer[0] !== '\x1b') return this.#takeText(buffer);
    if (buffer.startsWith(PASTE_START)) {
      this.#paste = '';
      return PASTE_START.length;
    }
    const sequence = readSequence(buffer);
    if (sequence === null) {
      if (!isTimedOut) return 0;
      // The rest of a reply that never came is no typing.
      if (buffer.length > 2) return buffer.length;
      // Not a sequence after all: Escape, and the rest stands for itself.
      this.#key('escape', '');
      return 1;
    }
    if (sequence.kind !== 'escape') {
      this.#emitSequence(sequence);
      return sequence.size;
    }
    if (buffer.length === 1) {
      if (!isTimedOut) return 0;
      this.#key('escape', '');
      return 1;
    }
    if (buffer[1] === '\x1b') {
      this.#key('escape', '');
      return 1;
    }
    const inner = String.fromCodePoint(buffer.codePointAt(1) ?? 0);
    const key = keyOfChar(inner);
    this.#key(key.startsWith('alt+') ? key : `alt+${key}`, '');
    return 1 + inner.length;
  }

  #takeText(buffer: string): number {
    const ch = String.fromCodePoint(buffer.codePointAt(0) ?? 0);
    const code = ch.codePointAt(0) ?? 0;
    // C1 controls are no keys.
    if (code >= 0x80 && code <= 0x9f) return ch.length;
    this.#key(keyOfChar(ch), code < 0x20 || code === 0x7f ? '' : ch);
    return ch.length;
  }

  #key(key: string, text: string): void {
    this.#emit({ kind: 'key', key, text });
  }

  #emitSequence(sequence: Sequence): void {
    if (sequence.kind === 'osc' || sequence.kind === 'dcs') {
      this.#emit({ kind: 'reply', type: sequence.kind, body: sequence.body });
      return;
    }
    if (sequence.kind === 'ss3') {
      const key = SS3[sequence.body];
      if (key !== undefined) this.#key(key, '');
      return;
    }
    if (sequence.kind !== 'csi') return;
    const token = readCsi(sequence.body);
    if (token) this.#emit(token);
  }
}

interface Sequence {
  kind: 'csi' | 'ss3' | 'osc' | 'dcs' | 'escape' | 'mouse';
  body: string;
  size: number;
}

/** The sequence at the front of the buffer; null if its end is missing; `escape` if it is a lone ESC or Alt + key. */
function readSequence(buffer: string): Sequence | null {
  const second = buffer[1];
  if (second === '[') {
    // The old mouse protocol has three raw bytes after its final one.
    if (buffer[2] === 'M') return buffer.length >= 6 ? { kind: 'mouse', body: '', size: 6 } : null;
    const match = /^\x1b\[\[?[0-?]*[ -/]*[@-~]/.exec(buffer);
    if (match) return { kind: 'csi', body: match[0].slice(2), size: match[0].length };
    // A byte that cannot stand there ends the sequence without a meaning.
    const bad = /^\x1b\[[0-?]*[ -/]*[^ -~]/.exec(buffer);
    return bad ? { kind: 'mouse', body: '', size: bad[0].length - 1 } : null;
  }
  if (second === 'O') return buffer.length >= 3 ? { kind: 'ss3', body: buffer[2] ?? '', size: 3 } : null;
  if (second === ']' || second === 'P' || second === '_' || second === '^') {
    const match = /\x07|\x1b\\/.exec(buffer.slice(2));
    if (!match) return buffer.length > MAX_STRING ? { kind: 'mouse', body: '', size: buffer.length } : null;
    const body = buffer.slice(2, 2 + match.index);
    return { kind: second === ']' ? 'osc' : 'dcs', body, size: 2 + match.index + match[0].length };
  }
  return { kind: 'escape', body: '', size: 1 };
}

const SS3: Record<string, string> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  M: 'enter',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
};
// CSI R is the place of the cursor, not F3.
const LETTERS: Record<string, string> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  P: 'f1',
  Q: 'f2',
  S: 'f4',
};
const TILDES: Record<string, string> = {
  '1': 'home',
  '2': 'insert',
  '3': 'delete',
  '4': 'end',
  '5': 'pageup',
  '6': 'pagedown',
  '7': 'home',
  '8': 'end',
  '11': 'f1',
  '12': 'f2',
  '13': 'f3',
  '14': 'f4',
  '15': 'f5',
  '17': 'f6',
  '18': 'f7',
  '19': 'f8',
  '20': 'f9',
  '21': 'f10',
  '23': 'f11',
  '24': 'f12',
};
const CODES: Record<number, string> = {
  9: 'tab',
  13: 'enter',
  27: 'escape',
  32: 'space',
  127: 'backspace',
  57414: 'enter',
};

function readCsi(body: string): InputToken | null {
  const final = body.at(-1) ?? '';
  const params = body.slice(0, -1);
  if (params.startsWith('<')) return readMouse(params.slice(1), final);
  // What answers our questions: device attributes, modes, keyboard flags, cursor reports.
  if (
    params.startsWith('?') ||
    params.startsWith('>') ||
    params.startsWith('=') ||
    (final === 'R' && params.includes(';'))
  ) {
    return { kind: 'reply', type: 'csi', body };
  }
  if (params === '' && (final === 'I' || final === 'O')) return { kind: 'focus', isFocused: final === 'I' };
  const parts = params.split(';').map((part) => part.split(':'));
  const first = parts[0]?.[0] ?? '';
  const modifiers = Number(parts[1]?.[0] ?? 1) || 1;
  // Kitty reports releases as a third kind of event: they are no keys.
  if (parts[1]?.[1] === '3') return null;
  if (final === 'Z') return { kind: 'key', key: 'shift+tab', text: '' };
  if (final === 'u') return keyOfCode(Number(first), modifiers);
  if (final === '~' && first === '27') return keyOfCode(Number(parts[2]?.[0] ?? 0), modifiers);
  const name = final === '~' ? TILDES[first] : LETTERS[final];
  return name === undefined ? null : { kind: 'key', key: withModifiers(name, modifiers), text: '' };
}

function keyOfCode(code: number, modifiers: number): InputToken | null {
  const named = CODES[code];
  if (named !== undefined) {
    const key = withModifiers(named, modifiers);
    return { kind: 'key', key, text: key === 'space' || key === 'shift+space' ? ' ' : '' };
  }
  if (!(code > 0x20 && code < 0xe000) && !(code > 0xffff && code <= 0x10ffff)) return null;
  const ch = String.fromCodePoint(code);
  const bits = modifiers - 1;
  const isShifted = (bits & 1) !== 0;
  const typed = isShifted ? ch.toUpperCase() : ch;
  // Lock keys (64, 128) change nothing here.
  if ((bits & 6) === 0) return { kind: 'key', key: typed, text: typed };
  return { kind: 'key', key: withModifiers(ch.toLowerCase(), modifiers & ~1 || 1, bits), text: '' };
}

function withModifiers(key: string, modifiers: number, given = modifiers - 1): string {
  const bits = given & 7;
  return `${bits & 4 ? 'ctrl+' : ''}${bits & 2 ? 'alt+' : ''}${bits & 1 ? 'shift+' : ''}${key}`;
}

/** The SGR protocol: button, column and row from 1, `M` for a press and `m` for its end. */
function readMouse(params: string, final: string): InputToken | null {
  const [button = NaN, column = NaN, row = NaN] = params.split(';').map(Number);
  if (!(column >= 1 && row >= 1)) return null;
  // Shift, Alt and Ctrl (4, 8, 16) change nothing here.
  const action = MOUSE_ACTIONS[`${button & ~28}${final}`];
  return action === undefined ? null : { kind: 'mouse', action, x: column - 1, y: row - 1 };
}

/** By the button (32 is motion) and the final letter. */
const MOUSE_ACTIONS: Record<string, MouseToken['action']> = {
  '0M': 'press',
  '32M': 'drag',
  '0m': 'release',
  '64M': 'wheelup',
  '65M': 'wheeldown',
};

/** The name of one typed character. */
function keyOfChar(ch: string): string {
  const code = ch.codePointAt(0) ?? 0;
  if (code === 0x0d) return 'enter';
  if (code === 0x09) return 'tab';
  if (code === 0x7f) return 'backspace';
  if (code === 0x20) return 'space';
  if (code === 0x1b) return 'escape';
  if (code === 0) return 'ctrl+space';
  if (code < 0x20) return `ctrl+${String.fromCharCode(code + 0x60)}`;
  return ch;
}
