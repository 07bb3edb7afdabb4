import type { Environment } from '../platform/environment.ts';
import type { HeadlessFormat } from './headless.ts';
import type { CliOptions } from './options.ts';

/** A screen needs a terminal on both sides that can address its cells, and nobody who asked for something else. */
export function isInteractive(options: CliOptions, { terminal, variables }: Environment): boolean {
  if (!options.display || options.automation || options.json) return false;
  return terminal.stdin && terminal.stdout && terminal.term !== 'dumb' && !variables['CI'];
}

/** What a run without a screen prints; `display` is the config's wish, which every flag comes before. */
export function formatOf({ json, automation }: CliOptions, display?: 'simple' | 'silent'): HeadlessFormat {
  return json ? 'json' : automation ? 'automation' : display === 'silent' ? 'silent' : 'plain';
}
