import type { StyleTable } from '../theme/style-table.ts';
import { style } from '../theme/style.ts';
import { PANE_LAYERS, type Area, type Frame, type LayerName } from '../view/frame.ts';
import { paintArea } from '../view/paint.ts';
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
}

/** The screen as a fixed set of widgets, made once. It turns frames into what must be sent; it sends nothing itself. */
export class Surface {
  readonly #program: ProgramStub;
  readonly #screen: BlessedScreen;
  readonly #widgets = new Map<LayerName, Widget>();
  #isFull = true;
  #drawn = '';
  #cursor: Frame['cursor'] = null;
  #options: { table: StyleTable; isSynchronized: boolean; cursor: Frame['cursor'] } | null = null;

  constructor(cols: number, rows: number) {
    const { Screen, Box } = loadBlessed();
    this.#program = createProgramStub(cols, rows);
    this.#screen = new Screen({
      program: this.#program,
      fullUnicode: false,
      smartCSR: false,
      fastCSR: false,
      useBCE: false,
      dockBorders: false,
      sendFocus: false,
      autoPadding: false,
      warnings: false,
    });
    this.#screen.alloc();
    this.#screen.draw = () => this.#draw();
    for (const layer of LAYERS) {
      const box = new Box({
        parent: this.#screen,
        screen: this.#screen,
        left: 0,
        top: 0,
        width: 1,
        height: 1,
        hidden: true,
      });
      const widget: Widget = { box, areas: [] };
      // Text never goes through blessed's own content: it would parse and measure it in its own way.
      box.render = () => {
        if (box.hidden) return;
        box.lpos = box._getCoords();
        for (const area of widget.areas) paintArea(this.#screen.lines, area);
      };
      this.#widgets.set(layer, widget);
    }
  }

  /** The next picture is sent whole: after a sleep, a resize, a change of colours. */
  invalidate(): void {
    this.#isFull = true;
  }

  /** What must be sent to show the frame; '' if it is shown already. */
  show(frame: Frame, table: StyleTable, isSynchronized: boolean): string {
    if (frame.cols !== this.#program.cols || frame.rows !== this.#program.rows) {
      this.#program.cols = frame.cols;
      this.#program.rows = frame.rows;
      this.#screen.alloc();
      this.#isFull = true;
    }
    for (const widget of this.#widgets.values()) widget.areas = [];
    for (const area of frame.areas) this.#widgets.get(area.layer)?.areas.push(area);
    for (const widget of this.#widgets.values()) place(widget);
    for (const row of this.#screen.lines) {
      for (const cell of row) {
        cell[0] = BLANK;
        cell[1] = ' ';
      }
      row.dirty = true;
    }
    this.#options = { table, isSynchronized, cursor: frame.cursor };
    this.#drawn = '';
    this.#screen.render();
    return this.#drawn;
  }

  #draw(): void {
    if (!this.#options) return;
    const { cursor } = this.#options;
    const isCursorMoved = cursor?.x !== this.#cursor?.x || cursor?.y !== this.#cursor?.y;
    this.#drawn = drawDiff(this.#screen.lines, this.#screen.olines, {
      ...this.#options,
      isFull: this.#isFull,
      isCursorMoved,
    });
    this.#isFull = false;
    this.#cursor = cursor;
  }
}

const BLANK = style('fg');

/** Gives the widget the rectangle around its areas. */
function place({ box, areas }: Widget): void {
  box.hidden = areas.length === 0;
  if (areas.length === 0) return;
  const left = Math.min(...areas.map((area) => area.x));
  const top = Math.min(...areas.map((area) => area.y));
  box.left = left;
  box.top = top;
  box.width = Math.max(...areas.map((area) => area.x + area.width)) - left;
  box.height = Math.max(...areas.map((area) => area.y + area.height)) - top;
}
