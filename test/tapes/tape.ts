/** One command of a tape. Durations are milliseconds. */
export type TapeCommand = {
  /** Counts from 1. */
  line: number;
  /**
   * From the line `# moving picture` to the next screenshot: a moment that passes. It is caught when recording and
   * left out when testing.
   */
  isMoving?: true;
} & (
  | { type: 'output'; path: string }
  | { type: 'require'; program: string }
  | { type: 'set'; setting: string; value: string }
  | { type: 'env'; name: string; value: string }
  | { type: 'source'; path: string }
  | { type: 'type'; text: string; speedMs: number | null }
  | { type: 'key'; key: string; count: number; speedMs: number | null }
  | { type: 'sleep'; ms: number }
  | { type: 'wait'; scope: 'screen' | 'line'; pattern: RegExp; timeoutMs: number | null }
  | { type: 'hide' }
  | { type: 'show' }
  | { type: 'screenshot'; path: string }
);

export interface Tape {
  /** Columns and rows, from the line `# size: 120x40`; the recorder's pixels only come near to them. */
  cols: number;
  rows: number;
  /** From the line `# real time`: what it plays has no virtual time, so all clocks are hidden, and a `Sleep` is a pause. */
  isRealTime?: true;
  commands: TapeCommand[];
}

/** Something in a tape that is not understood, with its line. */
export class TapeError extends Error {
  constructor(line: number, what: string) {
    super(`line ${line}: ${what}`);
  }
}

const KEYS = ['Enter', 'Tab', 'Escape', 'Space', 'Backspace', 'Delete', 'Up', 'Down', 'Left', 'Right'];
const MORE_KEYS = ['PageUp', 'PageDown'];
const MODIFIED = /^(?:Ctrl\+[A-Za-z\\\][@^_]|Shift\+Tab|Alt\+[A-Za-z.]|Alt\+Enter)$/;
/** `Word`, `"text"`, `'text'`, `` `text` `` or `/pattern/`, where a quote cannot be escaped, as in VHS. */
const TOKEN = /"[^"]*"|'[^']*'|`[^`]*`|\/(?:\\.|[^/\\])+\/|[^\s"'`]+/gy;

/** Reads the VHS commands that the tapes of this project use. Throws a TapeError for everything else. */
export function parseTape(source: string): Tape {
  let cols = 80;
  let rows = 24;
  let isMoving = false;
  let isRealTime = false;
  const commands: TapeCommand[] = [];
  source.split(/\r?\n/).forEach((text, index) => {
    const line = index + 1;
    const size = /^# size: (\d+)x(\d+)$/.exec(text.trim());
    if (size) [cols, rows] = [Number(size[1]), Number(size[2])];
    if (text.trim() === '# moving picture') isMoving = true;
    if (text.trim() === '# real time') isRealTime = true;
    if (text.trim() === '' || text.trim().startsWith('#')) return;
    for (const command of parseLine(tokensOf(text, line), line)) {
      commands.push(isMoving ? { ...command, isMoving } : command);
      if (command.type === 'screenshot') isMoving = false;
    }
  });
  return { cols, rows, ...(isRealTime ? { isRealTime } : {}), commands };
}

function tokensOf(text: string, line: number): string[] {
  const tokens: string[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at] ?? '')) {
      at += 1;
      continue;
    }
    TOKEN.lastIndex = at;
    const [token] = TOKEN.exec(text) ?? [];
    if (token === undefined) throw new TapeError(line, `a quote is not closed: ${text.slice(at)}`);
    if (token.startsWith('#')) break;
    tokens.push(token);
    at += token.length;
  }
  return tokens;
}

/** A line may hold several commands: `Type "x" Enter`. */
function* parseLine(tokens: string[], line: number): Generator<TapeCommand> {
  const queue = [...tokens];
  const next = (what: string): string => {
    const token = queue.shift();
    if (token === undefined) throw new TapeError(line, `${what} is missing`);
    return token;
  };
  while (queue.length > 0) {
    const [word, speed] = splitSpeed(next('a command'));
    const speedMs = speed === null ? null : duration(speed, line);
    switch (word) {
      case 'Output':
        yield { line, type: 'output', path: unquote(next('a path')) };
        break;
      case 'Require':
        yield { line, type: 'require', program: unquote(next('a program')) };
        break;
      case 'Set':
        yield { line, type: 'set', setting: next('a setting'), value: unquote(next('a value')) };
        break;
      case 'Env':
        yield { line, type: 'env', name: next('a name'), value: unquote(next('a value')) };
        break;
      case 'Source':
        yield { line, type: 'source', path: unquote(next('a path')) };
        break;
      case 'Type':
        yield { line, type: 'type', text: quoted(next('a text'), line), speedMs };
        break;
      case 'Sleep':
        yield { line, type: 'sleep', ms: duration(next('a duration'), line) };
        break;
      case 'Hide':
        yield { line, type: 'hide' };
        break;
      case 'Show':
        yield { line, type: 'show' };
        break;
      case 'Screenshot':
        yield { line, type: 'screenshot', path: unquote(next('a path')) };
        break;
      case 'Wait':
      case 'Wait+Line':
      case 'Wait+Screen': {
        const scope = word === 'Wait+Screen' ? 'screen' : 'line';
        const pattern = queue[0]?.startsWith('/') ? patternOf(next('a pattern'), line) : />$/;
        yield { line, type: 'wait', scope, pattern, timeoutMs: speedMs };
        break;
      }
      default: {
        if (![...KEYS, ...MORE_KEYS].includes(word) && !MODIFIED.test(word))
          throw new TapeError(line, `${word} is no command that the player knows`);
        const count = /^\d+$/.test(queue[0] ?? '') ? Number(next('a count')) : 1;
        yield { line, type: 'key', key: word, count, speedMs };
      }
    }
  }
}

/** `Type@50ms` is a command with a pace of its own. */
function splitSpeed(token: string): [string, string | null] {
  const at = token.indexOf('@');
  return at > 0 && !token.startsWith('Ctrl+@') ? [token.slice(0, at), token.slice(at + 1)] : [token, null];
}

function duration(text: string, line: number): number {
  const [, number, unit = 's'] = /^(\d*\.?\d+)(ms|s|m)?$/.exec(text) ?? [];
  if (number === undefined) throw new TapeError(line, `${text} is no duration`);
  return Number(number) * (unit === 'ms' ? 1 : unit === 's' ? 1000 : 60_000);
}

function patternOf(token: string, line: number): RegExp {
  try {
    return new RegExp(token.slice(1, -1), 'm');
  } catch {
    throw new TapeError(line, `${token} is no pattern`);
  }
}

function quoted(token: string, line: number): string {
  if (!/^["'`]/.test(token)) throw new TapeError(line, `${token} is not in quotes`);
  return unquote(token);
}

function unquote(token: string): string {
  return /^["'`]/.test(token) ? token.slice(1, -1) : token;
}
