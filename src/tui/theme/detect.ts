import type { ColorDepth } from './style-table.ts';
import type { ThemeName } from './load-theme.ts';

type Env = Readonly<Record<string, string | undefined>>;

const TRUECOLOR_TERMS = /kitty|ghostty|alacritty|foot|wezterm|contour|direct/i;
const TRUECOLOR_PROGRAMS = new Set(['iTerm.app', 'vscode', 'WezTerm', 'ghostty', 'Hyper', 'rio', 'zed']);

/** FORCE_COLOR beats NO_COLOR; then what the terminal says of itself. */
export function detectColorDepth(env: Env): ColorDepth {
  const force = env['FORCE_COLOR'];
  if (force === '0' || force === 'false') return 'none';
  if (force === '1') return '16';
  if (force === '2') return '256';
  if (force === '3') return 'truecolor';
  const isForced = force !== undefined && force !== '';
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '' && !isForced) return 'none';
  const term = env['TERM'] ?? '';
  if (/truecolor|24bit/i.test(env['COLORTERM'] ?? '')) return 'truecolor';
  if (env['WT_SESSION'] !== undefined || TRUECOLOR_PROGRAMS.has(env['TERM_PROGRAM'] ?? '')) return 'truecolor';
  if (TRUECOLOR_TERMS.test(term)) return 'truecolor';
  if (/256/.test(term)) return '256';
  if (term === 'dumb' && !isForced) return 'none';
  return '16';
}

/** What COLORFGBG says about the ground; null where it says nothing. */
export function themeFromEnv(env: Env): ThemeName | null {
  const ground = /;(\d+)$/.exec(env['COLORFGBG'] ?? '')?.[1];
  if (ground === undefined) return null;
  const color = Number(ground);
  return color === 7 || color >= 9 ? 'light' : 'dark';
}

/** What the reply to OSC 11 (`rgb:1a1a/1b1b/2626`) says; null if it is none. */
export function themeFromReply(reply: string): ThemeName | null {
  const match = /^11;rgba?:([0-9a-f]{1,4})\/([0-9a-f]{1,4})\/([0-9a-f]{1,4})/i.exec(reply);
  if (!match) return null;
  const [r, g, b] = match.slice(1, 4).map((part) => parseInt(part, 16) / (16 ** part.length - 1)) as [
    number,
    number,
    number,
  ];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.5 ? 'light' : 'dark';
}
