import type { RunState } from '../../coordination/state.ts';
import { onGround, style } from '../theme/style.ts';
import { answersPage } from './answers-page.ts';
import { ballotsPage } from './ballots-page.ts';
import { changesPage } from './changes-page.ts';
import type { BrowserPage } from './browser-page.ts';
import { eventsPage } from './events-page.ts';
import { filesPage } from './files-page.ts';
import { plural } from './format.ts';
import { inspectPage } from './inspect-page.ts';
import { isIn, type Area, type Rect } from './frame.ts';
import { clipLine, span, spread, type Line } from './line.ts';
import type { BrowserName, Model } from './model.ts';
import { separatorArea, titleRule } from './timeline-view.ts';
import { keyWord } from './key-of.ts';
import { shownRow } from './selected-rows.ts';
import { wrappedLines } from './wrapped-lines.ts';

const FG = style('fg');

const PAGES: Record<BrowserName, (model: Model, state: RunState) => BrowserPage> = {
  inspect: inspectPage,
  answers: answersPage,
  ballots: ballotsPage,
  events: eventsPage,
  files: filesPage,
  changes: changesPage,
};

export interface BrowserParts {
  page: BrowserPage;
  pick: number;
  list: Rect;
  detail: Rect;
  isWide: boolean;
}

/** Where the list and the details stand: side by side where there is room, one above the other otherwise. Pure. */
export function browserParts(model: Model, state: RunState, name: BrowserName, rect: Rect): BrowserParts {
  return pageParts(PAGES[name](model, state), model.browse[name].pick, rect);
}

/** The same for any page; `picked` is null where the user has picked nothing. Pure. */
export function pageParts(page: BrowserPage, picked: number | null, rect: Rect): BrowserParts {
  const pick = Math.max(0, Math.min(picked ?? page.start, page.count - 1));
  const isWide = rect.width >= 100;
  if (isWide) {
    const width = Math.max(36, Math.min(64, Math.floor(rect.width * 0.34)));
    return {
      page,
      pick,
      isWide,
      list: { ...rect, width },
      detail: { ...rect, x: rect.x + width + 1, width: rect.width - width - 1 },
    };
  }
  const height = Math.max(2, Math.min(page.count + 1, Math.floor(rect.height * 0.4)));
  return {
    page,
    pick,
    isWide,
    list: { ...rect, height },
    detail: { ...rect, y: rect.y + height, height: rect.height - height },
  };
}

/** One of the browsers on the whole body. */
export function browserAreas(model: Model, state: RunState, name: BrowserName, rect: Rect): Area[] {
  return pageAreas(model, browserParts(model, state, name, rect), model.browse[name].top);
}

/** A list, and beside or below it the details from row `wanted` on. */
export function pageAreas(model: Model, parts: BrowserParts, wanted: number): Area[] {
  const { page, pick, list, detail } = parts;
  if (page.count === 0) return [emptyArea(model, parts)];
  const areas: Area[] = [listArea(model, parts)];
  if (parts.isWide) areas.push(separatorArea({ ...list, x: list.x + list.width, width: 1 }, model.glyphs));
  const lines = page.detail(pick, detail.width - 2);
  const height = detail.height - 1;
  const top = Math.min(wanted, Math.max(0, lines.length - height));
  const shown = lines
    .slice(top, top + height)
    .map((line, i) => shownRow(model, null, top + i, [span(' ', FG), ...line], detail.width));
  const below = lines.length - top - shown.length;
  const more =
    below > 0
      ? `  ${model.glyphs.down} ${plural(below, 'more line')}, ${keyWord(model, model.view === 'sessions' || model.view === 'turns' ? 'list-down' : 'page-down')}`
      : '';
  const title = page.detailTitle(pick);
  areas.push({
    layer: 'main',
    ...detail,
    lines: [titleRule(title, detail.width, model.glyphs, false, more), ...shown],
    fill: FG,
  });
  return areas;
}

/** Where there is nothing to pick, its reason has all of the room. */
function emptyArea(model: Model, { page, list, detail, isWide }: BrowserParts): Area {
  const width = isWide ? list.width + 1 + detail.width : list.width;
  const height = isWide ? list.height : list.height + detail.height;
  const told = wrappedLines(page.empty, width - 2, style('dim')).map((line): Line => [span(' ', FG), ...line]);
  const lines = [titleRule(page.title, width, model.glyphs, true), ...told];
  return { layer: 'list', x: list.x, y: list.y, width, height, lines, fill: FG };
}

/** The first row of the list that is seen: the picked one stands in the middle. */
function listTop({ page, pick, list }: BrowserParts): number {
  const height = list.height - 1;
  return Math.max(0, Math.min(pick - Math.floor(height / 2), page.count - height));
}

/** The row of the list that stands at a cell; null for none. Pure. */
export function listRowAt(parts: BrowserParts, x: number, y: number): number | null {
  const { list, page } = parts;
  const row = listTop(parts) + y - list.y - 1;
  return isIn(list, x, y) && y > list.y && row < page.count ? row : null;
}

function listArea(model: Model, parts: BrowserParts): Area {
  const { page, pick, list } = parts;
  const height = list.height - 1;
  const top = listTop(parts);
  const rows: Line[] = [];
  for (let i = top; i < Math.min(page.count, top + height); i++) {
    const line = clipLine(page.row(i, list.width - 3), list.width - 3, model.glyphs.cut);
    const isPicked = i === pick;
    const ground = isPicked ? 'pick' : 'bg';
    const row = line.map((piece) => span(piece.text, onGround(piece.style, ground)));
    const mark = span(isPicked ? '> ' : '  ', style('focus', ['bold'], ground));
    rows.push(spread([mark, ...row], [], list.width, style('fg', [], ground)));
  }
  const below = page.count - top - Math.min(height, page.count);
  const more = below > 0 ? `  ${model.glyphs.down} ${below} below` : '';
  const lines = [titleRule(page.title, list.width, model.glyphs, true, more), ...rows];
  return { layer: 'list', ...list, lines: lines.map((line) => clipLine(line, list.width, model.glyphs.cut)), fill: FG };
}
