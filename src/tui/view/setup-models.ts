import { modelChoices, readyProviders, type SetupAgent, type SetupModel } from '../setup.ts';
import { bestMatches } from '../text/fuzzy.ts';
import { sanitizeLine } from '../text/sanitize.ts';
import { textWidth } from '../text/width.ts';
import { style } from '../theme/style.ts';
import type { Area } from './frame.ts';
import { boxed, centred } from './help-view.ts';
import { fieldRows } from './input-view.ts';
import { span, spread, type Line } from './line.ts';
import type { Model } from './model.ts';
import type { Prompt } from './prompt.ts';
import { priceText } from './setup-view.ts';
import { keyWord } from './key-of.ts';

const FG = style('fg', [], 'bar');
const DIM = style('dim', [], 'bar');

/** One row of the list: a model that is known by name, or the name that was typed, at one of the providers. */
interface Row extends SetupModel {
  type: string;
  label: string;
  isTyped: boolean;
}

/** The models that the text fits, and behind them the text itself as a name at each provider. Pure. */
export function modelRows(model: Model, text: string): Row[] {
  const { setup } = model;
  if (!setup) return [];
  const labels = new Map(readyProviders(setup).map(({ type, label }) => [type, label]));
  const query = text.trim().toLowerCase();
  const choices = modelChoices(setup).map((choice): Row => {
    return { ...choice, label: labels.get(choice.type) ?? choice.type, isTyped: false };
  });
  const known = bestMatches(choices, query, ({ name, label }) => [`${name} ${label}`]);
  const isKnown = known.some(({ name }) => name.toLowerCase() === query);
  const typed =
    query === '' || isKnown
      ? []
      : [...labels].map(([type, label]): Row => ({ type, label, name: text.trim(), prices: null, isTyped: true }));
  return [...known, ...typed];
}

/** What the picked row makes of an agent; null where nothing fits. */
export function pickedModel(model: Model): SetupAgent | null {
  const { prompt } = model;
  if (prompt?.kind !== 'model') return null;
  const rows = modelRows(model, prompt.editor.text);
  const row = rows[Math.min(prompt.pick, rows.length - 1)];
  return row ? { type: row.type, model: row.name } : null;
}

/** The list of models over the middle of the screen, with what is typed above it. */
export function modelsArea(model: Model, prompt: Prompt): { area: Area; cursor: { x: number; y: number } } {
  const { glyphs } = model;
  const rows = modelRows(model, prompt.editor.text);
  const width = Math.min(model.cols - 2, 76);
  const height = Math.max(6, Math.min(model.rows - 4, 20));
  const rect = centred(model, width, height);
  const room = height - 4;
  const inner = width - 4;
  const pick = Math.min(prompt.pick, Math.max(0, rows.length - 1));
  const top = Math.max(0, Math.min(pick - Math.floor(room / 2), rows.length - room));
  const lines = rows.slice(top, top + room).map((row, i): Line => {
    const isPicked = top + i === pick;
    const ground = isPicked ? 'pick' : 'bar';
    const name = sanitizeLine(row.name);
    const left: Line = [
      span(isPicked ? '> ' : '  ', style('focus', ['bold'], ground)),
      span(row.isTyped ? `use "${name}"` : name, style('fg', isPicked ? ['bold'] : [], ground)),
      span(`  ${sanitizeLine(row.label)}`, style('dim', [], ground)),
    ];
    const right: Line = [span(row.isTyped ? '' : priceText(row.prices), style('dim', [], ground))];
    return spread(left, right, inner, style('fg', [], ground), glyphs.cut);
  });
  if (rows.length === 0) lines.push([span('  type the name of a model', DIM)]);
  while (lines.length < room) lines.push([]);
  const { rows: typed, cursor } = fieldRows(prompt.editor.text, prompt.editor.cursor, inner - 3);
  const head: Line = [span('> ', style('focus', ['bold'], 'bar')), span(typed[cursor.row] ?? '', FG)];
  const rule: Line = [span(glyphs.rule.repeat(inner), style('border', [], 'bar'))];
  return {
    area: {
      layer: 'overlay',
      ...rect,
      lines: boxed([head, rule, ...lines], 'models', `${keyWord(model, 'accept')} takes`, width, model),
      fill: FG,
    },
    cursor: { x: rect.x + 2 + textWidth('> ') + cursor.column, y: rect.y + 1 },
  };
}
