import type { Rect } from './frame.ts';
import { layoutBody, type BodyLayout } from './layout.ts';
import type { Model } from './model.ts';

/** The shape that the agents have now. In a grid `shown` names the agent of every pane, by its place. */
export type PaneLayout =
  | (Extract<BodyLayout, { kind: 'grid' }> & {
      shown: number[];
      /** A row that counts all agents, where some are out of sight. */
      tabs: Rect | null;
    })
  | Exclude<BodyLayout, { kind: 'grid' }>;

/** A pane of a split is no narrower. */
const SPLIT_MIN = 30;

/** How the agents share the body: two beside each other, as many as the user wants at once, or as many as fit. Pure. */
export function paneLayout(model: Model, body: Rect): PaneLayout {
  const count = model.run?.panes.length ?? 0;
  const below = { ...body, y: body.y + 1, height: body.height - 1 };
  const tabs = { ...body, height: 1 };
  const pair = splitOf(model);
  if (pair && !model.isZoomed)
    return { kind: 'grid', shown: pair, tabs: count > 2 ? tabs : null, ...halves(count > 2 ? below : body) };
  const wanted = model.density > 0 ? Math.max(1, Math.ceil(count / 2 ** model.density)) : count;
  if (wanted < count && !model.isZoomed) {
    if (wanted === 1) return { kind: 'zoom', pane: body };
    const first = Math.floor(model.focus / wanted) * wanted;
    const shown = Array.from({ length: Math.min(wanted, count - first) }, (_, i) => first + i);
    // The last page has the same panes as the others, so that nothing moves when one turns over.
    const layout = layoutBody(below, wanted, false);
    if (layout.kind === 'grid') return { ...layout, panes: layout.panes.slice(0, shown.length), shown, tabs };
    return { kind: 'zoom', pane: body };
  }
  const layout = layoutBody(body, count, model.isZoomed, model.density < 0);
  if (layout.kind !== 'grid') return layout;
  return { ...layout, shown: layout.panes.map((_, i) => i), tabs: null };
}

/** The two agents that are beside each other, the focused one among them; null where there is no split. */
export function splitOf({ split, focus, run }: Pick<Model, 'split' | 'focus' | 'run'>): [number, number] | null {
  if (!split || (run?.panes.length ?? 0) < 2) return null;
  const [left, right] = split;
  return left === focus || right === focus ? [left, right] : [focus, right === focus ? left : right];
}

/** Where the focused pane stands now. */
export function focusedRect(model: Model, body: Rect): Rect {
  const layout = paneLayout(model, body);
  if (layout.kind === 'grid') return layout.panes[layout.shown.indexOf(model.focus)] ?? body;
  if (layout.kind === 'zoom' && (model.run?.panes.length ?? 0) > 1) {
    return { ...body, y: body.y + 1, height: body.height - 1 };
  }
  return layout.pane;
}

/** Side by side where both have room, else one above the other. */
function halves(body: Rect): { panes: Rect[]; separators: Rect[] } {
  const width = Math.floor((body.width - 1) / 2);
  if (width >= SPLIT_MIN) {
    const x = body.x + body.width - width;
    return {
      panes: [
        { ...body, width: body.width - width - 1 },
        { ...body, x, width },
      ],
      separators: [{ ...body, x: x - 1, width: 1 }],
    };
  }
  const height = Math.ceil(body.height / 2);
  return {
    panes: [
      { ...body, height },
      { ...body, y: body.y + height, height: body.height - height },
    ],
    separators: [],
  };
}
