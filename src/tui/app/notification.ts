import { sanitizeLine } from '../text/sanitize.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * What tells a user of another window that something happened: the bell, and a desktop notification where the terminal
 * is known to show one. Others would print or swallow the sequence. `MASSGEN_NOTIFY` leaves it at the bell (`bell`) or at
 * nothing (`off`). Pure.
 */
export function notification(text: string, env: Env): string {
  const line = sanitizeLine(text).replaceAll(';', ',').slice(0, 120);
  if (env['MASSGEN_NOTIFY'] === 'off') return '';
  if (env['MASSGEN_NOTIFY'] === 'bell') return '\x07';
  // Inside tmux and screen the sequence would be theirs, not the terminal's.
  if (env['TMUX'] || env['STY']) return '\x07';
  const term = env['TERM'] ?? '';
  const program = env['TERM_PROGRAM'] ?? '';
  if (/^(?:iTerm\.app|WezTerm|ghostty)$/.test(program) || /^xterm-(?:kitty|ghostty)$/.test(term)) {
    return `\x07\x1b]9;${line}\x1b\\`;
  }
  if (/^(?:foot|rxvt-unicode)/.test(term)) return `\x07\x1b]777;notify;massgen;${line}\x1b\\`;
  return '\x07';
}
