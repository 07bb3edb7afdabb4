import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import type { CellRow } from '../view/paint.ts';

/**
 * The parts of neo-blessed 0.2.0 that are used, with their types: the element tree, its order and geometry, and the
 * two buffers of cells. Its program layer is replaced by one that never touches the terminal, the process or any
 * signal; so it neither reads keys nor writes a byte.
 */
export interface BlessedScreen {
  lines: CellRow[];
  olines: CellRow[];
  /** Makes both buffers anew, at the size of the program. */
  alloc(): void;
  /** Renders the elements in their order, then calls `draw`. */
  render(): void;
  draw(from: number, to: number): void;
}

export interface BlessedBox {
  left: number;
  top: number;
  width: number;
  height: number;
  hidden: boolean;
  /** Where the element was last drawn; blessed's hit test reads it. */
  lpos: unknown;
  render(): unknown;
  _getCoords(): unknown;
}

/** What blessed asks of its program in the paths that are used here. */
export interface ProgramStub extends EventEmitter {
  cols: number;
  rows: number;
}

interface ScreenClass {
  new (options: Record<string, unknown>): BlessedScreen;
  /** Set: blessed hooks itself into no signal and no exit. */
  _bound?: boolean;
}
type BoxClass = new (options: Record<string, unknown>) => BlessedBox;

/** Loads two of blessed's forty widgets, which takes about half the time of all. */
export function loadBlessed(): { Screen: ScreenClass; Box: BoxClass } {
  const require = createRequire(import.meta.url);
  const Screen = require('neo-blessed/lib/widgets/screen') as ScreenClass;
  const Box = require('neo-blessed/lib/widgets/box') as BoxClass;
  Screen._bound = true;
  return { Screen, Box };
}

/** A program without a terminal. */
export function createProgramStub(cols: number, rows: number): ProgramStub {
  const nothing = (): void => undefined;
  return Object.assign(new EventEmitter(), {
    cols,
    rows,
    options: {},
    // `isAlt` says that the alternate screen is on already: blessed then leaves entering to us.
    isAlt: true,
    scrollTop: 0,
    scrollBottom: rows - 1,
    tput: { unicode: true, features: {}, numbers: {}, strings: {}, bools: {} },
    put: { keypad_local: nothing, keypad_xmit: nothing },
    setupTput: nothing,
    clear: nothing,
    flush: nothing,
    showCursor: nothing,
    hideCursor: nothing,
    normalBuffer: nothing,
    alternateBuffer: nothing,
    disableMouse: nothing,
    enableMouse: nothing,
    destroy: nothing,
  });
}
