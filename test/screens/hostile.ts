import type { RunEvent } from '../../src/events/event.ts';

const range = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => String.fromCharCode(from + i));

const STRING_OPENERS = ['\x1b]', '\x1bP', '\x1b_', '\x1b^', '\x1bX', '\u009d', '\u0090', '\u009f', '\u009e', '\u0098'];
const STRING_ENDS = ['\x07', '\x1b\\', '\u009c', ''];
const STRING_BODIES = ['0;title', '52;c;ZXZpbA==', '8;;https://evil.example', '11;?', 'q#0;2;0;0;0#0~~', '999;'];

/** Everything that a terminal could obey, one attack each: all of C0 and C1, CSI, OSC, DCS, APC, PM, SOS, and short ones. */
export const ATTACKS: readonly string[] = [
  ...range(0x00, 0x1f).filter((ch) => ch !== '\n' && ch !== '\t'),
  ...range(0x7f, 0x9f),
  ...range(0x20, 0x7e).map((ch) => `\x1b${ch}`),
  ...range(0x40, 0x7e).flatMap((final) => [`\x1b[${final}`, `\x1b[?1049;2${final}`, `\u009b1;1${final}`]),
  '\x1b[31',
  '\x1b[>4;2m',
  '\x1b[!p',
  '\x1b[200~',
  '\x1b[ q',
  '\x1b%G',
  '\x1b(0',
  '\x1b#8',
  '\x1b\x1b[2J',
  '\x1b[\x1b[2J',
  ...STRING_OPENERS.flatMap((open) =>
    STRING_ENDS.map((end, i) => open + (STRING_BODIES[i % STRING_BODIES.length] ?? '') + end),
  ),
  ...STRING_BODIES.flatMap((body) => [`\x1b]${body}\x07`, `\u009d${body}\u009c`]),
  '\u202a',
  '\u202b',
  '\u202c',
  '\u202d',
  '\u202e',
  '\u2066',
  '\u2067',
  '\u2068',
  '\u2069',
  '\u200e',
  '\u200f',
  '\ufeff',
];

/** Parts of a run's events that somebody else wrote. */
const WRITTEN = new Set([
  'question',
  'team',
  'id',
  'model',
  'text',
  'reason',
  'message',
  'name',
  'output',
  'rawArgs',
  'notice',
  'detail',
  'path',
  'command',
  'error',
  'reasoning',
  'title',
]);

/** The same events with an attack in the middle of every text in them, and at both ends. */
export function poisoned(events: readonly RunEvent[], attack: string): RunEvent[] {
  const poison = (text: string): string => {
    const middle = Math.floor(text.length / 2);
    return `${attack}${text.slice(0, middle)}${attack}${text.slice(middle)}${attack}`;
  };
  const walk = (value: unknown, isWritten: boolean): unknown => {
    if (typeof value === 'string') return isWritten ? poison(value) : value;
    if (Array.isArray(value)) return value.map((item) => walk(item, isWritten));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => {
        if (key === 'role' || key === 'callId') return [key, item];
        return [key, walk(item, key === 'args' || isWritten || WRITTEN.has(key))];
      }),
    );
  };
  const isCall = (key: string): boolean => key === 'call' || key === 'calls';
  return events.map((event) => {
    const data = Object.fromEntries(
      Object.entries(event.data).map(([key, value]) => {
        // The identity of a call is ours; its name and its arguments are not.
        if (isCall(key) && typeof value === 'object' && value !== null && 'id' in value) {
          return [key, { ...(walk(value, false) as object), id: value.id }];
        }
        return [key, walk(value, WRITTEN.has(key))];
      }),
    );
    return { ...event, data } as RunEvent;
  });
}

/** What the program itself sends: styles, places, the cursor, marks of synchronized output. Nothing else may be there. */
const OWN = /\x1b\[(?:[\d;]*m|\d+;\d+H|\?25[hl]|\?2026[hl])/g;
// oxlint-disable-next-line no-control-regex -- controls are what is looked for
const FORBIDDEN = /[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/;

/** The first thing in the output that a terminal would obey and that is not ours; null if there is none. */
export function foundControl(output: string): string | null {
  const found = FORBIDDEN.exec(output.replaceAll(OWN, ''));
  return found && `U+${found[0].charCodeAt(0).toString(16).padStart(4, '0')}`;
}
