import type { StyleTable } from '../theme/style-table.ts';
import { style } from '../theme/style.ts';
import { PANE_LAYERS, type Area, type Frame, type LayerName } from '../view/frame.ts';
import { paintArea, paintFrame, type CellRow } from '../view/paint.ts';
import { PaintMemory, type PaintPlan } from '../view/paint-plan.ts';
import { drawDiff } from '../render/draw.ts';
import {
  createProgramStub,
  loadBlessed,
  type BlessedBox,
  type BlessedScreen,
  type ProgramStub,
} from './neo-blessed.ts';

/** From back to front. */
const LAYERS: readonly LayerName[] = [
  'status',
  ...Array.from({ length: PANE_LAYERS }, (_, i): LayerName => `pane-${i}`),
  'list',
  'rail',
  'main',
  'strip',
  'input',
  'footer',
  'lines',
  'overlay',
];

interface Widget {
  box: BlessedBox;
  areas: Area[];
  /** Where it was put last. */
  rect: string;
}

/** What the widgets paint at the next render. */
interface Job {
  plan: PaintPlan | null;
}

/**
 * The screen as a fixed set of widgets, made once. It turns frames into what must be sent; it sends nothing itself.
 * The first frame does without the widgets: loading them takes longer than drawing it, and the user waits for it.
 */
export class Surface {
  #tree: Tree | null = null;
  /** The first frame, until the widgets take over. */
  #first: CellRow[] | null = null;
  #cols: number;
  #rows: number;
  #isFull = true;
  readonly #memory = new PaintMemory();
  #drawn = '';
  #cursor: Frame['cursor'] = null;
  #options: { table: StyleTable; isSynchronized: boolean; cursor: Frame['cursor'] } | null = null;

  constructor(cols: number, rows: number) {
    this.#cols = cols;
    this.#rows = rows;
  }

  /** The next picture is sent whole: after a sleep, a resize, a change of colours. */
  invalidate(): void {
    this.#isFull = true;
  }

  /** What must be sent to show the frame; '' if it is shown already. */
  show(frame: Frame, table: StyleTable, isSynchronized: boolean): string {
    this.#options = { table, isSynchronized, cursor: frame.cursor };
    this.#drawn = '';
    if (frame.cols !== this.#cols || frame.rows !== this.#rows) this.#isFull = true;
    this.#cols = frame.cols;
    this.#rows = frame.rows;
    if (!this.#first && !this.#tree) {
      const rows = paintFrame(frame);
      this.#first = paintFrame({ ...frame, areas: [] });
      this.#draw(rows, this.#first);
      return this.#drawn;
    }
    this.#tree ??= this.#grow();
    const { program, screen, widgets, job } = this.#tree;
    if (frame.cols !== program.cols || frame.rows !== program.rows) {
      program.cols = frame.cols;
      program.rows = frame.rows;
      screen.alloc();
      this.#memory.forget();
    }
    for (const widget of widgets.values()) widget.areas = [];
    for (const area of frame.areas) widgets.get(area.layer)?.areas.push(area);
    // blessed wipes what was under a widget that it moves, so nothing that was painted there can be relied on.
    let isMoved = false;
    for (const widget of widgets.values()) isMoved = place(widget) || isMoved;
    if (isMoved) this.#memory.forget();
    job.plan = this.#memory.plan(
      [...widgets.values()].flatMap(({ areas }) => areas),
      frame.rows,
    );
    for (const row of screen.lines) row.dirty = false;
    for (const y of job.plan.blank) blank(screen.lines[y]);
    screen.render();
    return this.#drawn;
  }

  /** Makes the widgets, with the first frame as what is on the screen. */
  #grow(): Tree {
    const tree = makeTree(this.#cols, this.#rows, () => this.#draw(tree.screen.lines, tree.screen.olines));
    for (const [y, row] of (this.#first ?? []).entries()) {
      for (const [x, cell] of row.entries()) {
        const known = tree.screen.olines[y]?.[x];
        if (known) [known[0], known[1]] = cell;
      }
    }
    this.#first = null;
    return tree;
  }

  #draw(lines: CellRow[], olines: CellRow[]): void {
    if (!this.#options) return;
    const { cursor } = this.#options;
    const isCursorMoved = cursor?.x !== this.#cursor?.x || cursor?.y !== this.#cursor?.y;
    this.#drawn = drawDiff(lines, olines, { ...this.#options, isFull: this.#isFull, isCursorMoved });
    this.#isFull = false;
    this.#cursor = cursor;
  }
}

interface Tree {
  program: ProgramStub;
  screen: BlessedScreen;
  widgets: Map<LayerName, Widget>;
  job: Job;
}

function makeTree(cols: number, rows: number, draw: () => void): Tree {
  const { Screen, Box } = loadBlessed();
  const program = createProgramStub(cols, rows);
  const screen = new Screen({
    program,
    fullUnicode: false,
    smartCSR: false,
    fastCSR: false,
    useBCE: false,
    dockBorders: false,
    sendFocus: false,
    autoPadding: false,
    warnings: false,
  });
  screen.alloc();
  screen.draw = draw;
  const widgets = new Map<LayerName, Widget>();
  const job: Job = { plan: null };
  for (const layer of LAYERS) {
    const box = new Box({ parent: screen, screen, left: 0, top: 0, width: 1, height: 1, hidden: true });
    const widget: Widget = { box, areas: [], rect: '' };
    // Text never goes through blessed's own content: it would parse and measure it in its own way.
    box.render = () => {
      if (box.hidden) return;
      box.lpos = box._getCoords();
      for (const area of widget.areas) paintArea(screen.lines, area, job.plan?.rowsOf(area));
    };
    widgets.set(layer, widget);
  }
  return { program, screen, widgets, job };
}

const BLANK = style('fg');

function blank(row: CellRow | undefined): void {
  if (!row) return;
  for (const cell of row) {
    cell[0] = BLANK;
    cell[1] = ' ';
  }
  row.dirty = true;
}

/** Gives the widget the rectangle around its areas. True if that is another one than before. */
function place(widget: Widget): boolean {
  const { box, areas } = widget;
  box.hidden = areas.length === 0;
  if (areas.length === 0) return false;
  const left = Math.min(...areas.map((area) => area.x));
  const top = Math.min(...areas.map((area) => area.y));
  const width = Math.max(...areas.map((area) => area.x + area.width)) - left;
  const height = Math.max(...areas.map((area) => area.y + area.height)) - top;
  const rect = [left, top, width, height].join(' ');
  const isMoved = rect !== widget.rect;
  widget.rect = rect;
  box.left = left;
  box.top = top;
  box.width = width;
  box.height = height;
  return isMoved;
}
