import { onGround, style } from '../theme/style.ts';
import { span, spread, type Line } from './line.ts';
import type { Model, Selection } from './model.ts';

/** The selection, where it is about what is in front; another screen knows nothing of it. */
export function selectionHere({ selection, view }: Pick<Model, 'selection' | 'view'>): Selection | null {
  return selection?.view === view ? selection : null;
}

/** A row of a text as it is shown: marked where it is selected. `alias` is the agent of a pane, null elsewhere. */
export function shownRow(model: Model, alias: Selection['alias'], row: number, line: Line, width: number): Line {
  const selection = selectionHere(model);
  if (selection?.alias !== alias) return line;
  if (row < Math.min(selection.from, selection.to) || row > Math.max(selection.from, selection.to)) return line;
  const picked = line.map((piece) => span(piece.text, onGround(piece.style, 'pick')));
  return spread(picked, [], width, style('fg', [], 'pick'));
}
