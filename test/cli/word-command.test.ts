import { expect, it } from 'vitest';
import type { CommandContext } from '../../src/cli/command-context.ts';
import { runWord, type Word } from '../../src/cli/word-command.ts';

const WORDS: Readonly<Record<string, Word>> = {
  boil: {
    example: 'water',
    summary: 'make it hot',
    load: async () => (argv) => Promise.resolve(argv.length === 1 ? 0 : 2),
  },
  eat: { summary: 'make it go', load: async () => () => Promise.resolve(0) },
};
const USAGE = `Usage: massgen cook <boil|eat> …

  massgen cook boil water   make it hot
  massgen cook eat          make it go

Wash up.
Each has a --help of its own.
`;

async function cook(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const told = { out: '', err: '' };
  const stream = (name: 'out' | 'err'): unknown => ({ write: (text: string) => (told[name] += text) });
  const context = { streams: { stdout: stream('out'), stderr: stream('err') } } as unknown as CommandContext;
  const code = await runWord('cook', WORDS, argv, context, 'Wash up.');
  return { code, ...told };
}

it('runs the word with the arguments behind it', async () => {
  expect(await cook('boil', 'milk')).toEqual({ code: 0, out: '', err: '' });
});

it('tells the words there are: as help on stdout, without a word on stderr and with exit code 1', async () => {
  expect(await cook('--help')).toEqual({ code: 0, out: USAGE, err: '' });
  expect(await cook()).toEqual({ code: 1, out: '', err: USAGE });
});

it.each(['frobnicate', 'constructor'])('refuses %s, which is no word, and tells those there are', async (word) => {
  await expect(cook(word)).rejects.toThrow(`massgen cook ${word}: there is no such word.\n${USAGE}`);
});
