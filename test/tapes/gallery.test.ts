import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { galleryPage } from './gallery.ts';
import { parseTape } from './tape.ts';
import { tapeOfTour, TOURS } from './tours.ts';

const PAGE = fileURLToPath(new URL('../../docs/screens.md', import.meta.url));

describe('the tours through all screens', () => {
  it('are what docs/screens.md shows', () => {
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(PAGE, galleryPage());
    expect(readFileSync(PAGE, 'utf8')).toBe(galleryPage());
  });

  it('name each screen once, and are tapes that the player understands', () => {
    const names = TOURS.flatMap(({ stops }) => stops.map(({ name }) => name));
    const shots = TOURS.flatMap((tour) =>
      parseTape(tapeOfTour(tour, 'light', '80x24')).commands.flatMap((command) =>
        command.type === 'screenshot' ? command.path.replace('.png', '') : [],
      ),
    );
    expect([new Set(names).size, shots]).toEqual([names.length, names]);
  });
});
