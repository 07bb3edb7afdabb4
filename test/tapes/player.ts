import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { bytesOfKey } from './keys.ts';
import { openShell, type ShellScreen } from './shell-screen.ts';
import { TAPES, setStage } from './stage.ts';
import { parseTape, type Tape, type TapeCommand } from './tape.ts';

export interface PlayOptions {
  /** Called at every `Screenshot`, in order. What it throws ends the tape. */
  onScreenshot: (shot: Extract<TapeCommand, { type: 'screenshot' }>, screen: ShellScreen) => Promise<void>;
  /** Called once, when the shell is ready. */
  onOpen?: (screen: ShellScreen) => void;
  /** Called once, when the tape is over, however it ended; the screen still shows its end. */
  onClose?: () => void;
  /** Called at `Hide` and `Show`. */
  onVisible?: (isVisible: boolean) => void;
  /**
   * `test`: `--speed 2` is typed as `--speed 100`, typing takes no time, a `Sleep` ends as soon as the screen is
   * quiet (in a tape in real time, after a short pause), and moving pictures are left out. `record`: everything takes the time that the tape says.
   */
  pace: 'test' | 'record';
}

/** How much faster than the tape says the agents of a test play. */
const HASTE = 50;
const QUIET_MS = 120;
/** Longest `Sleep` of a test in real time: more than a dialog rests before it takes keys. */
const REAL_PAUSE_MS = 600;
const PATIENCE_MS = 40_000;

/** Reads a tape of `tapes/` by its name, with the tapes that it sources put in their place. Throws a TapeError. */
export function readTape(name: string): Tape {
  const tape = parseTape(readFileSync(join(TAPES, name), 'utf8'));
  const commands = tape.commands.flatMap((command) =>
    command.type === 'source' ? readTape(command.path.replace(/^.*tapes\//, '')).commands : command,
  );
  return { ...tape, commands };
}

/** Plays a tape in a real terminal on a stage of its own. Throws when something that is waited for does not come. */
export async function playTape(tape: Tape, options: PlayOptions): Promise<void> {
  const stage = setStage();
  const env = { ...stage.env };
  for (const command of tape.commands) {
    if (command.type === 'env') env[command.name] = command.value;
    if (command.type === 'require' && !isOnPath(command.program, env['PATH'] ?? ''))
      throw new Error(`line ${command.line}: ${command.program} is not installed`);
  }
  const screen = openShell({ cols: tape.cols, rows: tape.rows, cwd: stage.folder, env });
  try {
    await waitFor(screen, { line: 0, type: 'wait', scope: 'line', pattern: />$/, timeoutMs: null });
    options.onOpen?.(screen);
    let typingMs = 50;
    for (const command of tape.commands) {
      if (command.type === 'set' && command.setting === 'TypingSpeed') typingMs = milliseconds(command.value);
      if (!command.isMoving || options.pace === 'record')
        await perform(command, screen, options, typingMs, tape.isRealTime);
    }
  } finally {
    options.onClose?.();
    await screen.close();
    stage.remove();
  }
}

async function perform(
  command: TapeCommand,
  screen: ShellScreen,
  options: PlayOptions,
  typingMs: number,
  isRealTime = false,
): Promise<void> {
  const isTest = options.pace === 'test';
  switch (command.type) {
    case 'type':
      if (isTest) return screen.write(hasten(command.text));
      for (const char of command.text) {
        screen.write(char);
        await pause(command.speedMs ?? typingMs);
      }
      return;
    case 'key':
      for (let i = 0; i < command.count; i++) {
        screen.write(bytesOfKey(command.key));
        // An escape byte together with the next key would be another key.
        if (isTest && command.key === 'Escape') await quiet(screen, 1000);
        if (!isTest) await pause(command.speedMs ?? typingMs);
      }
      return;
    case 'sleep':
      if (!isTest) return pause(command.ms);
      return isRealTime ? pause(Math.min(command.ms, REAL_PAUSE_MS)) : quiet(screen, command.ms);
    case 'wait':
      // A test waits no longer than its own patience, to fail with what the screen shows.
      return waitFor(screen, isTest ? { ...command, timeoutMs: null } : command);
    case 'screenshot':
      return options.onScreenshot(command, screen);
    case 'hide':
    case 'show':
      return options.onVisible?.(command.type === 'show');
    case 'output':
    case 'require':
    case 'set':
    case 'env':
    case 'source':
      return undefined;
  }
}

/** Resolves once the pattern is on the screen (or in the line of the cursor). */
async function waitFor(screen: ShellScreen, wait: Extract<TapeCommand, { type: 'wait' }>): Promise<void> {
  const deadline = performance.now() + (wait.timeoutMs ?? PATIENCE_MS);
  for (;;) {
    const rows = await screen.text();
    const { cursorY } = screen.terminal.buffer.active;
    const text = wait.scope === 'screen' ? rows.join('\n') : (rows[cursorY] ?? '');
    if (wait.pattern.test(text)) return;
    const left = deadline - performance.now();
    if (left <= 0)
      throw new Error(`line ${wait.line}: ${wait.pattern.source} did not come; the screen shows\n${rows.join('\n')}`);
    await screen.change(Math.min(left, 200));
  }
}

/** Resolves when nothing is drawn for a while, or after `ms`. */
async function quiet(screen: ShellScreen, ms: number): Promise<void> {
  const deadline = performance.now() + ms;
  for (;;) {
    const left = deadline - performance.now();
    if (left <= 0 || (await screen.change(Math.min(left, QUIET_MS))) === 'quiet') return;
  }
}

function hasten(text: string): string {
  return text.replaceAll(/(?<=--speed )\d+(?:\.\d+)?/g, (speed) => String(Number(speed) * HASTE));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

function milliseconds(text: string): number {
  return text.endsWith('ms') ? Number.parseFloat(text) : Number.parseFloat(text) * 1000;
}

function isOnPath(program: string, path: string): boolean {
  return path.split(delimiter).some((folder) => existsSync(join(folder, program)));
}
