import type { McpServerNeed } from '../../config/tool-needs.ts';
import { messageOf } from '../../platform/errors.ts';
import { loginAdvice } from './stored-login.ts';

const CLOSED = -32_000;
const TIMED_OUT = -32_001;

/** What kept a server from starting, for people: full sentences. `stray` is what its output held beside the protocol. */
export function startFault(
  error: unknown,
  { name, transport }: McpServerNeed,
  { timeoutMs, words, stray }: { timeoutMs: number; words: string; stray: string },
): string {
  const code = codeOf(error);
  if (transport.type === 'http') {
    const isRefused = error instanceof Error && (code === 401 || /unauthorized/i.test(error.name));
    return isRefused ? loginAdvice(name) : messageOf(error);
  }
  const { command, cwd } = transport;
  const said = [
    stray === '' ? '' : `Its standard output, which is for the protocol alone, holds something else (${stray}).`,
    words === '' ? '' : `It said: ${words}`,
  ];
  return [startSentence(code, command, cwd, timeoutMs) ?? sentence(messageOf(error)), ...said]
    .filter(Boolean)
    .join(' ');
}

function startSentence(code: unknown, command: string, cwd: string | null, timeoutMs: number): string | null {
  switch (code) {
    case 'ENOENT':
      return cwd === null
        ? `There is no program ${command}: install it, or give its full path as command.`
        : `There is no program ${command}, or no folder ${cwd} to start it in.`;
    case 'EACCES':
      return `${command} may not be run: it is no program, or its rights forbid it.`;
    case CLOSED:
      return 'It ended before it answered.';
    case TIMED_OUT:
      return `It did not answer for ${Math.round(timeoutMs / 1000)} seconds.`;
    default:
      return null;
  }
}

/** How a line that is no message of the protocol begins, in quotes; empty for any other error. */
export function strayText(error: unknown): string {
  if (!(error instanceof SyntaxError)) return '';
  const [, start = '', more = ''] = /"(.*)"(\.{3})? is not valid JSON$/s.exec(error.message) ?? [];
  const text = start.replaceAll(/[\s\p{C}]+/gu, ' ').trim();
  return text === '' ? 'no JSON' : `“${text}${more && '…'}”`;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null;
}

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
