import { pictureName, SIZES, THEMES } from './record-screens.ts';
import { TOURS } from './tours.ts';

const SHOWN = '120x40';

/** The page `docs/screens.md`: every screen, in both themes and all sizes. */
export function galleryPage(): string {
  const stops = TOURS.flatMap((tour) => tour.stops);
  const parts = stops.map(({ name, title }) => {
    const picture = (theme: string, size: string): string => `pictures/screens/${pictureName(name, theme, size)}`;
    const row = THEMES.map((theme) => `![${title}, ${theme}](${picture(theme, SHOWN)})`).join(' | ');
    const others = SIZES.filter((size) => size !== SHOWN).map(
      (size) => `${size} ${THEMES.map((theme) => `[${theme}](${picture(theme, size)})`).join(', ')}`,
    );
    return `## ${title}\n\n| dark | light |\n| --- | --- |\n| ${row} |\n\n${others.join(' · ')}\n`;
  });
  return `# Every screen

<!-- Made from test/tapes/tours.ts: UPDATE_DOCS=1 npx vitest run test/tapes/gallery.test.ts -->

Made by \`npm run tapes -- --screens\`: the program itself with built-in teams, driven through all of its screens on 120
columns and 40 rows; below each are the same screen on 80x24 and on 200x50. No model is called.

${parts.join('\n')}`;
}
