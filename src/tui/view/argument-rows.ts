import { textWidth } from '../text/width.ts';
import type { StyleId } from '../theme/style.ts';
import { exactRows } from './exact-rows.ts';
import { span, type Line } from './line.ts';

export interface ArgumentStyles {
  name: StyleId;
  value: StyleId;
  /** What would be hidden and is spelled out. */
  odd: StyleId;
  /** In front of the lines of a longer text. */
  bar: string;
}

/** Deeper values are shown as JSON. */
const MOST_DEPTH = 6;

/** Text that ends with a JSON object, taken apart; `args` is null where it does not, or cannot be told exactly. Pure. */
export function splitArguments(text: string): { before: string; args: Record<string, unknown> | null } {
  const at = text.startsWith('{') ? 0 : text.indexOf('\n{') + 1;
  if (at === 0 && !text.startsWith('{')) return { before: text, args: null };
  const json = text.slice(at);
  try {
    const args = JSON.parse(json) as Record<string, unknown>;
    // A name that stands there twice and a number that is too long would be shown as something else.
    const isExact = [JSON.stringify(args), JSON.stringify(args, null, 2)].includes(json);
    return isExact ? { before: text.slice(0, at), args } : { before: text, args: null };
  } catch {
    return { before: text, args: null };
  }
}

/**
 * The arguments of a call, a name and its value per row, a text of several lines below its name. Nothing is left out: a
 * text that could be taken for another kind of value stands in quotes. Pure.
 */
export function argumentRows(args: Readonly<Record<string, unknown>>, width: number, styles: ArgumentStyles): Line[] {
  return Object.entries(args).flatMap(([name, value]) => rowsOf(shownName(name), value, '', width, styles));
}

function rowsOf(name: string, value: unknown, indent: string, width: number, styles: ArgumentStyles): Line[] {
  const below = `${indent}  `;
  const label = exactRows(name, width - indent.length, styles.name, styles.odd).map((row): Line => [
    span(indent, styles.name),
    ...row,
  ]);
  if (isLongText(value)) {
    const bar = span(`${below}${styles.bar} `, styles.name);
    const rows = exactRows(value, width - textWidth(bar.text), styles.value, styles.odd);
    return [...label, ...rows.map((row): Line => [bar, ...row])];
  }
  if (typeof value === 'object' && value !== null && Object.keys(value).length > 0 && indent.length / 2 < MOST_DEPTH) {
    const isList = Array.isArray(value);
    const inner = Object.entries(value).flatMap(([key, each]) =>
      rowsOf(isList ? '-' : shownName(key), each, below, width, styles),
    );
    return [...label, ...inner];
  }
  const text = typeof value === 'string' && isPlain(value) ? value : JSON.stringify(value);
  const lead = `${indent}${name}  `;
  const isWide = textWidth(lead) > width / 2;
  const hanging = ' '.repeat(isWide ? below.length : textWidth(lead));
  const rows = exactRows(text, width - hanging.length, styles.value, styles.odd);
  const lines = rows.map((row, i): Line => [span(i === 0 && !isWide ? lead : hanging, styles.name), ...row]);
  return isWide ? [...label, ...lines] : lines;
}

function shownName(name: string): string {
  return /^[\w.$-]+$/.test(name) ? name : asciiJson(name);
}

function isLongText(value: unknown): value is string {
  return typeof value === 'string' && value.includes('\n');
}

/** Not to be taken for a number, a list or nothing. */
function isPlain(text: string): boolean {
  return text.trim() === text && !/^(?:true|false|null|-?\d[\d.eE+-]*|["{[].*|)$/.test(text);
}

/** A name that nothing can be hidden in. */
function asciiJson(name: string): string {
  return JSON.stringify(name).replace(/[^\x20-\x7e]/g, (ch) => `\\u${ch.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
