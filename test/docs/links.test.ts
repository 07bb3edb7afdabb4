import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PAGES = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...inFolder('docs', /\.md$/)];
const PICTURES = inFolder('docs/pictures', /\.(?:png|gif)$/);

function inFolder(folder: string, name: RegExp): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => name.test(file))
    .map((file) => join(folder, file));
}

/** The page without its code, where brackets mean something else. */
function proseOf(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8')
    .replaceAll(/^(?:```|~~~)[^]*?^(?:```|~~~)$/gm, '')
    .replaceAll(/`[^`\n]*`/g, '');
}

/** Where links and pictures of a page lead, addresses of other places left out. */
function targetsOf(page: string): string[] {
  const prose = proseOf(page);
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g), ...prose.matchAll(/ src(?:set)?="([^"]+)"/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** The names that headings get, as GitHub makes them. */
function anchorsOf(page: string): string[] {
  const source = readFileSync(join(ROOT, page), 'utf8').replaceAll(/^```[^]*?^```$/gm, '');
  return [...source.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  );
}

function isThere(page: string, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : relative(ROOT, join(ROOT, dirname(page), path));
  if (!existsSync(join(ROOT, file))) return false;
  return anchor === undefined || anchorsOf(file).includes(anchor);
}

describe('the documentation', () => {
  it.each(PAGES)('%s links only to what is there', (page) => {
    expect(targetsOf(page).filter((target) => !isThere(page, target))).toEqual([]);
  });

  it('shows every picture that it keeps', () => {
    const shown = new Set(PAGES.flatMap((page) => targetsOf(page).map((target) => join(dirname(page), target))));
    expect(PICTURES.filter((picture) => !shown.has(picture))).toEqual([]);
  });

  it('is small: 200 KB a picture, 1.5 MB a moving one, 8 MB of screens', () => {
    const size = (file: string): number => statSync(join(ROOT, file)).size;
    const limit = (file: string): number => (file.endsWith('.gif') ? 1_500_000 : 200_000);
    expect(PICTURES.filter((file) => size(file) > limit(file))).toEqual([]);
    const screens = PICTURES.filter((file) => file.includes('screens'));
    expect(screens.reduce((sum, file) => sum + size(file), 0)).toBeLessThan(8_000_000);
  });
});
