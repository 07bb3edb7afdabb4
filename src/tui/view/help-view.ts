import { helpSections, type ActionId, type HelpSection } from '../input/keymap.ts';
import { textWidth } from '../text/width.ts';
import { style } from '../theme/style.ts';
import type { Area, Rect } from './frame.ts';
import { keyContexts } from './footer.ts';
import { keyLabel } from './glyphs.ts';
import { clipLine, lineWidth, span, spread, type Line } from './line.ts';
import type { Model } from './model.ts';
import { keyWord } from './key-of.ts';

const FG = style('fg', [], 'bar');
const DIM = style('dim', [], 'bar');
const BORDER = style('focus', [], 'bar');

/** The help overlay: every binding, those of this screen first, in as many columns as there is room for. */
export function helpArea(model: Model): Area {
  const width = Math.min(model.cols - 2, model.cols >= 110 ? 108 : 60);
  const columns = helpColumns(width - 4, model);
  const height = Math.min(model.rows - 2, columns.length + 2);
  const rect = centred(model, width, height);
  const top = Math.min(model.helpTop, Math.max(0, columns.length - (height - 2)));
  const shown = columns.slice(top, top + height - 2);
  const below = columns.length - top - shown.length;
  const foot =
    below > 0
      ? `${model.glyphs.down} ${below} more, ${keyWord(model, 'scroll-down')} scrolls`
      : `${keyWord(model, 'back')} closes`;
  return { layer: 'overlay', ...rect, lines: boxed(shown, 'help', foot, rect.width, model), fill: FG };
}

/** Rows the help has at this width, so that scrolling ends at the end. */
export function helpRowCount(model: Model): { rows: number; height: number } {
  const width = Math.min(model.cols - 2, model.cols >= 110 ? 108 : 60);
  const rows = helpColumns(width - 4, model).length;
  return { rows, height: Math.min(model.rows - 2, rows + 2) - 2 };
}

/** Asks one yes-or-no question in the middle of the screen. */
export function questionArea(model: Model, title: string, text: readonly string[], foot: string): Area {
  const width = Math.min(model.cols - 2, Math.max(24, ...text.map((row) => textWidth(row) + 4), textWidth(foot) + 6));
  const rect = centred(model, width, text.length + 4);
  const lines = ['', ...text, ''].map((row): Line => [span(row, FG)]);
  return { layer: 'overlay', ...rect, lines: boxed(lines, title, foot, width, model), fill: FG };
}

/** A rectangle in the middle of the screen. */
export function centred(model: Model, width: number, height: number): Rect {
  return {
    x: Math.max(0, Math.floor((model.cols - width) / 2)),
    y: Math.max(0, Math.floor((model.rows - height) / 2)),
    width,
    height,
  };
}

/** Rows in a box with a title and a word at its foot. */
export function boxed(lines: Line[], title: string, foot: string, width: number, model: Model): Line[] {
  const { glyphs } = model;
  const { corner, rule, bar } = glyphs;
  const head = ` ${title} `;
  const tail = ` ${foot} `;
  return [
    [
      span(`${corner.topLeft}${rule}`, BORDER),
      span(head, style('focus', ['bold'], 'bar')),
      span(rule.repeat(Math.max(0, width - 3 - textWidth(head))) + corner.topRight, BORDER),
    ],
    ...lines.map((line): Line => [
      span(`${bar} `, BORDER),
      ...spread(clipLine(line, width - 4, glyphs.cut), [], width - 4, FG),
      span(` ${bar}`, BORDER),
    ]),
    [
      span(corner.bottomLeft + rule.repeat(Math.max(0, width - 3 - textWidth(tail))), BORDER),
      span(tail, DIM),
      span(rule + corner.bottomRight, BORDER),
    ],
  ];
}

/** The keys that count on the screen behind the help come first; the others follow by section. */
function sectionsFor(model: Model): HelpSection[] {
  const { keymap, view } = model;
  const here = new Map<ActionId, string>();
  const taken = new Set<string>();
  for (const context of keyContexts(model, view)) {
    const found = keymap.filter(
      ({ id, contexts, keys }) => keys.length > 0 && contexts.includes(context) && !here.has(id),
    );
    // What a key does here it does only here: those that come later have their other keys left.
    for (const { id, label } of found)
      here.set(
        id,
        words(label)
          .filter((word) => !taken.has(word))
          .join(' '),
      );
    for (const word of found.flatMap(({ label }) => words(label))) taken.add(word);
  }
  const all = helpSections(keymap);
  const rows = all.flatMap((section) => section.rows).map((row) => ({ ...row, label: here.get(row.id) ?? '' }));
  const first = { title: 'On this screen', rows: rows.filter(({ label }) => label !== '') };
  const others = all.map((section) => ({ ...section, rows: section.rows.filter(({ id }) => !here.has(id)) }));
  return [first, ...others].filter((section) => section.rows.length > 0);
}

function words(label: string): string[] {
  return label.split(' ').filter((word) => word !== '');
}

function helpColumns(width: number, model: Model): Line[] {
  const groups = sectionsFor(model).map(({ title, rows }): Line[] => [
    [span(title, style('heading', ['bold'], 'bar'))],
    ...rows.map((row): Line => [
      span(` ${keyLabel(row.label, model.glyphs).padEnd(12)} `, style('accent', [], 'bar')),
      span(row.help, FG),
    ]),
    [],
  ]);
  if (width < 100) return groups.flat().slice(0, -1);
  const total = groups.reduce((sum, group) => sum + group.length, 0);
  const left: Line[] = [];
  const right: Line[] = [];
  for (const group of groups)
    (left.length + group.length <= Math.ceil(total / 2) + 4 && right.length === 0 ? left : right).push(...group);
  const half = Math.floor((width - 2) / 2);
  return Array.from({ length: Math.max(left.length, right.length) - 1 }, (_, i) => {
    const a = clipLine(left[i] ?? [], half);
    return [...a, span(' '.repeat(Math.max(0, half + 2 - lineWidth(a))), FG), ...(right[i] ?? [])];
  });
}
