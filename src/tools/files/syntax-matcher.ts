import { fileURLToPath } from 'node:url';
import { findPackage } from '../../platform/import-module.ts';
import type { Clock } from '../../platform/clock.ts';
import { ToolMistake } from '../define-tool.ts';
import { MatcherThread } from './matcher-thread.ts';

/** Longest time for one file. */
const MAX_FILE_MS = 5_000;

/** As ast-grep calls the languages that it brings, by the ending of a file's name. */
export const SYNTAXES: Readonly<Record<string, string>> = {
  '.ts': 'TypeScript',
  '.mts': 'TypeScript',
  '.cts': 'TypeScript',
  '.tsx': 'Tsx',
  '.js': 'JavaScript',
  '.mjs': 'JavaScript',
  '.cjs': 'JavaScript',
  '.jsx': 'JavaScript',
  '.html': 'Html',
  '.htm': 'Html',
  '.css': 'Css',
};

export interface SyntaxMatch {
  /** From 1. */
  line: number;
  text: string;
  /** What would stand there instead; null without a rewrite. */
  rewritten: string | null;
}

type Reply = { matches: SyntaxMatch[] } | { fault: string };

/** The thread's whole program. Names in a rewrite stand for what the pattern's names have matched. */
const PROGRAM = String.raw`
  const { parentPort, workerData } = require('node:worker_threads');
  const { pattern, rewrite, max } = workerData;
  const loaded = import(workerData.url).then((module) => module.default ?? module);
  // Told to whoever looks for something; a thread that ends of it would end this program.
  loaded.catch(() => undefined);
  const filled = (node, text) =>
    rewrite.replace(/\$\$\$([A-Z_][A-Z0-9_]*)|\$([A-Z_][A-Z0-9_]*)/g, (all, many, one) => {
      if (one) return node.getMatch(one)?.text() ?? all;
      const nodes = node.getMultipleMatches(many);
      if (nodes.length === 0) return '';
      return text.slice(nodes[0].range().start.index, nodes.at(-1).range().end.index);
    });
  parentPort.on('message', async ({ language, text }) => {
    try {
      const found = (await (await loaded).parseAsync(language, text)).root().findAll(pattern);
      const matches = found.slice(0, max).map((node) => ({
        line: node.range().start.line + 1,
        text: node.text(),
        rewritten: rewrite === null ? null : filled(node, text),
      }));
      parentPort.postMessage({ matches });
    } catch (error) {
      parentPort.postMessage({ fault: String(error?.message ?? error) });
    }
  });
`;

/**
 * Where ast-grep is, which this program does without: beside this program, or among the packages for all of the machine. Not
 * looked for in the folder that agents work in, whose code is not this program's to run. Null where it is not there.
 */
export function findSyntaxPackage(): Promise<string | null> {
  return findPackage('@ast-grep/napi', [fileURLToPath(new URL('.', import.meta.url))]);
}

/** Finds the parts of texts that have a shape, in a thread that can be stopped: the pattern is the model's. */
export class SyntaxMatcher {
  readonly #thread: MatcherThread;

  constructor(url: string, search: { pattern: string; rewrite: string | null; max: number }, clock: Clock) {
    const tooLong = 'The pattern takes too long. Use a simpler one, or a narrower place.';
    this.#thread = new MatcherThread(PROGRAM, { ...search, url }, { clock, maxMs: MAX_FILE_MS, tooLong });
  }

  /** One text at a time. Rejects with a ToolMistake for a pattern that is none, and when it takes too long; then nothing more works. */
  async find(text: string, language: string): Promise<SyntaxMatch[]> {
    const reply = (await this.#thread.ask({ language, text })) as Reply;
    if ('matches' in reply) return reply.matches;
    throw new ToolMistake(`ast-grep did not take the pattern: ${reply.fault}`);
  }

  stop(): Promise<void> {
    return this.#thread.stop();
  }
}
