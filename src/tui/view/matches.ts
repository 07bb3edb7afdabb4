import type { Alias } from '../../events/event.ts';
import { lineText } from './line.ts';
import type { Model } from './model.ts';
import { paneFlow } from './pane.ts';

/** A row of a pane that holds what is searched for. */
export interface Match {
  alias: Alias;
  row: number;
}

/** All rows that hold the text, pane after pane, at the widths that the panes have. */
export function findMatches(model: Model, text: string, widths: ReadonlyMap<Alias, number>): Match[] {
  const query = text.toLowerCase();
  if (query === '') return [];
  const matches: Match[] = [];
  for (const [alias, width] of widths) {
    const flow = paneFlow(model, alias, width);
    for (const [row, line] of flow.slice(0, flow.rowCount).entries()) {
      if (lineText(line).toLowerCase().includes(query)) matches.push({ alias, row });
    }
  }
  return matches;
}
