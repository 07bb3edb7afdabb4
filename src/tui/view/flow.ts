import type { Block, BlockList, Tone, ToolBlock } from '../store/blocks.ts';
import type { TextBlock } from '../store/text-block.ts';
import { textWidth } from '../text/width.ts';
import { WrappedText } from '../text/wrap.ts';
import { style, type StyleId } from '../theme/style.ts';
import type { Token } from '../theme/tokens.ts';
import { clipSpan, mark } from './copied.ts';
import { formatDuration, plural } from './format.ts';
import type { Glyphs } from './glyphs.ts';
import { span, type Line } from './line.ts';
import { MarkdownRows, type MarkdownRenderer } from './markdown-rows.ts';
import { behind, wrappedLine, wrappedLines } from './wrapped-lines.ts';

const FG = style('fg');
const DIM = style('dim');
const TONES: Record<Tone, StyleId> = {
  plain: FG,
  dim: DIM,
  info: style('info'),
  ok: style('ok'),
  warn: style('warn'),
  err: style('err'),
};

interface FlowOptions {
  width: number;
  showReasoning: boolean;
  /** Tools with their arguments and results. */
  showTools: boolean;
  /** The key that shows what an agent thought. */
  showKey: string;
  glyphs: Glyphs;
  agent: Token;
  /** Null until it is loaded: then the text stands as it was written. */
  render: MarkdownRenderer | null;
}

/** Rows of so much text are kept; of the other blocks only their number is. */
const KEPT_CHARS = 32_000;
/** Of the text at whose end a pane stands, so many rows are kept: for scrolling up a little. */
const KEPT_ROWS = 200;

/** The rows of one block as far as they were made. */
interface Grown {
  text: GrowingRows;
  fed: number;
  /** That of the block when it was read last. */
  version: number;
  replaced: number;
}

/** Text that grows at its end, as rows. */
interface GrowingRows {
  append(text: string): void;
  readonly rowCount: number;
  /** The first row that `rows` can still give. */
  readonly firstRow: number;
  rows(from: number, to: number): Line[];
  /** Rows before that one may be let go. */
  letGo(before: number): void;
}

/**
 * An agent's blocks as rows of one width. Rows are made when they are asked for, from the end, and kept: an append
 * costs only its own row, and a pane that follows its end never wraps what is out of sight.
 */
export class PaneFlow {
  readonly #list: BlockList;
  readonly #options: FlowOptions;
  /** The blocks whose rows are kept, the one that was asked for last at the end. */
  #grown = new Map<TextBlock, Grown>();
  /** How many rows the other ones had. */
  #counts = new WeakMap<TextBlock, { version: number; count: number }>();
  #made = new WeakMap<Block, { version: number; lines: Line[] }>();

  constructor(list: BlockList, options: FlowOptions) {
    this.#list = list;
    this.#options = options;
  }

  fits(options: FlowOptions): boolean {
    const own = this.#options;
    return (
      own.width === options.width &&
      own.showReasoning === options.showReasoning &&
      own.showTools === options.showTools &&
      own.glyphs === options.glyphs &&
      own.render === options.render
    );
  }

  /** All rows. Wraps everything that is not wrapped yet. */
  get rowCount(): number {
    let count = this.#headRows();
    for (const block of this.#list.blocks) count += this.#count(block);
    return count;
  }

  /** The last `height` rows, fewer if there are fewer. */
  tail(height: number): Line[] {
    const parts: Line[][] = [];
    let missing = height;
    for (let i = this.#list.blocks.length - 1; i >= 0 && missing > 0; i--) {
      const block = this.#list.blocks[i];
      if (!block) continue;
      const count = this.#count(block);
      const rows = this.#rows(block, Math.max(0, count - missing), count);
      parts.push(rows);
      missing -= rows.length;
    }
    if (missing > 0 && this.#headRows() > 0) parts.push([this.#head()]);
    return parts.toReversed().flat();
  }

  /** For who follows the end: rows far above it are let go. They are made again when they are asked for. */
  keepEnd(): void {
    for (const { text } of this.#grown.values()) text.letGo(text.rowCount - KEPT_ROWS);
  }

  /** Rows `top` to `top + height`. */
  slice(top: number, height: number): Line[] {
    const out: Line[] = [];
    let at = this.#headRows();
    if (at > 0 && top < 1) out.push(this.#head());
    for (const block of this.#list.blocks) {
      const count = this.#count(block);
      const from = Math.max(0, top + out.length - at);
      if (from < count && out.length < height) {
        out.push(...this.#rows(block, from, Math.min(count, from + height - out.length)));
      }
      at += count;
      if (out.length >= height) break;
    }
    return out;
  }

  /** The row at which the part begins that tells of that event, or was going on then. */
  rowOfEvent(seq: number): number {
    let row = this.#headRows();
    let found = row;
    for (const block of this.#list.blocks) {
      if (block.seq > seq) break;
      found = row;
      row += this.#count(block);
    }
    return found;
  }

  #headRows(): number {
    return this.#list.dropped > 0 ? 1 : 0;
  }

  #head(): Line {
    const { glyphs, width } = this.#options;
    const text = `${glyphs.up} ${plural(this.#list.dropped, 'earlier part')} only in the run log`;
    return [clipSpan(text, DIM, width, glyphs.cut)];
  }

  #isFolded(block: Block): boolean {
    return block.kind === 'reasoning' && !this.#options.showReasoning;
  }

  #count(block: Block): number {
    if (this.#isFolded(block)) return 1;
    if (block.kind === 'tool' || block.kind === 'notice') return this.#fixed(block).length;
    const known = this.#counts.get(block);
    if (known?.version === block.version && !this.#grown.has(block)) return known.count;
    return this.#grow(block).rowCount;
  }

  #rows(block: Block, from: number, to: number): Line[] {
    if (this.#isFolded(block) || block.kind === 'tool' || block.kind === 'notice') {
      return this.#fixed(block).slice(from, to);
    }
    let grown = this.#grow(block);
    if (from < grown.firstRow) {
      this.#grown.delete(block);
      grown = this.#grow(block);
    }
    const rows = grown.rows(from, to);
    if (block.kind !== 'answer') return rows;
    const bar = mark(`${this.#options.glyphs.answerBar} `, style(this.#options.agent));
    return rows.map((row) => [bar, ...row]);
  }

  #grow(block: TextBlock): GrowingRows {
    let known = this.#grown.get(block);
    if (!known || known.replaced !== block.replaced) {
      known = { text: this.#rowsFor(block), fed: 0, version: 0, replaced: block.replaced };
    } else this.#grown.delete(block);
    this.#grown.set(block, known);
    if (known.fed < block.length) {
      known.text.append(block.from(known.fed));
      known.fed = block.length;
    }
    known.version = block.version;
    this.#letGo();
    return known.text;
  }

  /** Rows take many times the room of their text, and are soon made again. */
  #letGo(): void {
    let chars = 0;
    for (const { fed } of this.#grown.values()) chars += fed;
    for (const [block, { text, fed, version }] of this.#grown) {
      if (chars <= KEPT_CHARS || this.#grown.size === 1) return;
      this.#counts.set(block, { version, count: text.rowCount });
      this.#grown.delete(block);
      chars -= fed;
    }
  }

  #rowsFor({ kind }: TextBlock): GrowingRows {
    const { render, glyphs } = this.#options;
    const width = this.#options.width - (kind === 'answer' ? 2 : 0);
    if (kind === 'reasoning') return new PlainRows(width, style('dim', ['italic']));
    return render ? new MarkdownRows(render, width, glyphs) : new PlainRows(width, FG);
  }

  #fixed(block: Block): Line[] {
    const known = this.#made.get(block);
    if (known?.version === block.version) return known.lines;
    const lines = this.#make(block);
    this.#made.set(block, { version: block.version, lines });
    return lines;
  }

  #make(block: Block): Line[] {
    const { glyphs, width } = this.#options;
    if (block.kind === 'tool') return this.#toolLines(block);
    if (block.kind === 'notice') {
      if (block.tone === 'dim') return [turnRule(block.text, width, glyphs)];
      const sign = block.tone === 'ok' ? glyphs.ok : block.tone === 'info' ? glyphs.arrow : '!';
      const tone = TONES[block.tone];
      return behind(span(`${sign} `, tone), wrappedLines(block.text, width - sign.length - 1, tone));
    }
    const thought = `${glyphs.folded} thought: ${plural(block.lineCount, 'line')}, ${this.#options.showKey} shows`;
    return [[clipSpan(thought, DIM, width, glyphs.cut)]];
  }

  /** A part of an opened tool behind a bar; blank rows at its end are left out. */
  #inner(text: string, id: StyleId): Line[] {
    const { glyphs, width } = this.#options;
    if (text.trim() === '') return [];
    const rows = wrappedLines(text.trimEnd(), Math.max(1, width - 4), id);
    const shown = rows.length > MAX_TOOL_ROWS ? rows.slice(0, MAX_TOOL_ROWS) : rows;
    const bar = mark(`  ${glyphs.bar} `, style('border'));
    const lines = shown.map((row): Line => [bar, ...row]);
    if (rows.length > shown.length) lines.push([bar, span(plural(rows.length - shown.length, 'more line'), DIM)]);
    return lines;
  }

  #toolLines(block: ToolBlock): Line[] {
    const { glyphs, width } = this.#options;
    const name = `${glyphs.status.tool} ${block.name} `;
    const head: Line = [
      clipSpan(name, style('info', ['bold']), width, glyphs.cut),
      clipSpan(block.args, DIM, width - name.length, glyphs.cut),
    ];
    const opened = this.#options.showTools ? this.#inner(block.input, style('dim')) : [];
    if (block.status === 'running') {
      if (block.result === '') return [head, ...opened];
      return [head, ...opened, [clipSpan(`  ${glyphs.cut} ${block.result}`, DIM, width, glyphs.cut)]];
    }
    const took = block.durationMs > 0 ? formatDuration(block.durationMs) : '';
    // Of one line all is seen already.
    const parts = [block.resultLines > 1 ? plural(block.resultLines, 'line') : '', took].filter((part) => part !== '');
    const size = block.status === 'stopped' ? 'stopped' : parts.join(', ');
    const sign = block.status === 'done' ? glyphs.ok : glyphs.bad;
    const tail = size === '' ? '' : ` (${size})`;
    const text = clipSpan(block.result, FG, Math.max(0, width - 4 - tail.length), glyphs.cut);
    const signStyle = style(block.status === 'done' ? 'ok' : 'warn');
    if (this.#options.showTools) {
      const end = [span(`  ${sign} `, signStyle), span(size, DIM)];
      return [head, ...opened, end, ...this.#inner(block.output, FG)];
    }
    return [head, [span(`  ${sign} `, signStyle), text, clipSpan(tail, DIM, width - 4, glyphs.cut)]];
  }
}

/** Longer parts of an opened tool are cut, and say so. */
const MAX_TOOL_ROWS = 60;

/** Wrapped text of one style. Blank rows at both ends are not shown. */
class PlainRows implements GrowingRows {
  readonly firstRow = 0;
  readonly #text: WrappedText;
  readonly #style: StyleId;

  constructor(width: number, id: StyleId) {
    this.#text = new WrappedText(width);
    this.#style = id;
  }

  append(text: string): void {
    this.#text.append(text);
  }

  letGo(): void {
    // Its rows are strings: little is gained.
  }

  get rowCount(): number {
    let end = this.#text.rowCount;
    while (end > 0 && this.#text.row(end - 1).trim() === '') end--;
    return Math.max(0, end - this.#first);
  }

  rows(from: number, to: number): Line[] {
    const first = this.#first;
    return Array.from({ length: to - from }, (_, i) => wrappedLine(this.#text, first + from + i, this.#style));
  }

  get #first(): number {
    let first = 0;
    // A row of blanks may be how a line begins that goes on below.
    while (first < this.#text.rowCount && this.#text.row(first).trim() === '' && this.#text.joint(first + 1) === null)
      first++;
    return first;
  }
}

function turnRule(text: string, width: number, glyphs: Glyphs): Line {
  const label = clipSpan(text, DIM, width - 6, glyphs.cut);
  const rest = Math.max(0, width - 4 - textWidth(label.text));
  return [
    span(`${glyphs.rule.repeat(2)} `, style('border')),
    label,
    mark(` ${glyphs.rule.repeat(rest)}`, style('border')),
  ];
}
