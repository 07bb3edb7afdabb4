import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as rules from './rules.ts';
import { readSourceFiles } from './source-file.ts';

/**
 * The import order of the rooms, checked from the import statements; `rules.ts` holds the order and its exceptions.
 * A failure lists the breaches as `file:line what is wrong`.
 */
const files = readSourceFiles(fileURLToPath(new URL('../..', import.meta.url)), 'src');

describe('the source', () => {
  it('is read', () => {
    expect(files.map((file) => file.path)).toContain('src/events/event.ts');
  });

  it.each<[string, rules.Rule]>([
    ['stays in its rooms', rules.staysInRooms],
    ['imports from left to right only', rules.importsLeftwards],
    ['keeps screens and printers apart from what does the work', rules.keepsReadersApart],
    ['imports blessed in src/tui/widgets only', rules.keepsBlessedInWidgets],
    ['keeps the pure rooms pure', rules.keepsPureRoomsPure],
    ['takes time, chance, environment and home from src/platform', rules.keepsTheWorldInPlatform],
    ['has no import cycle', rules.hasNoCycles],
    ['loads no heavy package at start-up', rules.startsLight],
    ['has no default export', rules.hasNoDefaultExports],
    ['has no barrel but the index of a room', rules.hasNoBarrels],
    ['has no utils and no helpers', rules.hasNoJunkDrawers],
    ['has no file above 500 lines', rules.hasShortFiles],
  ])('%s', (_, rule) => {
    expect(rule(files)).toEqual([]);
  });
});
