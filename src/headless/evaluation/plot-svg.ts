import { escapeHtml } from '../escape-html.ts';
import { niceTop, short } from './axis.ts';

/** A point of a plot; `low` and `high` are the ends of its interval. */
export interface PlotPoint {
  name: string;
  x: number;
  y: number;
  low: number | null;
  high: number | null;
  /** Drawn with the others of its kind and joined by a line. */
  isOnFront: boolean;
}

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [560, 300, 56, 90, 16, 44];

/** Shares of right answers over what they take. Both axes begin at 0; y ends at 100 %, x where `topOf` the largest says. */
export function plotSvg(
  points: readonly PlotPoint[],
  label: string,
  topOf: (value: number) => number = niceTop,
): string {
  const top = topOf(Math.max(0, ...points.map(({ x }) => x)));
  const x = (value: number): number => LEFT + (value / top) * (WIDTH - LEFT - RIGHT);
  const y = (share: number): number => HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  const grid = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(share)}" y2="${y(share)}"/><text class="tick" x="${LEFT - 8}" y="${y(share) + 4}" text-anchor="end">${share * 100} %</text>`,
  );
  const ticks = [0, 0.5, 1].map(
    (share) =>
      `<text class="tick" x="${x(share * top)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${short(share * top)}</text>`,
  );
  const front = points.filter(({ isOnFront }) => isOnFront).toSorted((a, b) => a.x - b.x);
  const line = front.map((point) => `${x(point.x).toFixed(1)},${y(point.y).toFixed(1)}`).join(' ');
  const places = namePlaces(points.map((point) => ({ name: point.name, x: x(point.x), y: y(point.y) })));
  const marks = points.map(({ name, low, high, isOnFront, ...at }, index) => {
    const [cx, cy] = [x(at.x).toFixed(1), y(at.y).toFixed(1)];
    const bar =
      low === null || high === null ? '' : `<line class="bar" x1="${cx}" x2="${cx}" y1="${y(low)}" y2="${y(high)}"/>`;
    const about = `${name}: ${(at.y * 100).toFixed(1)} %, ${short(at.x)}`;
    const place = (places[index] ?? y(at.y)) + 4;
    return `<g>${bar}<circle class="${isOnFront ? 'front' : 'point'}" cx="${cx}" cy="${cy}" r="5"/><text class="name" x="${x(at.x) + 9}" y="${place}">${escapeHtml(name)}</text><title>${escapeHtml(about)}</title></g>`;
  });
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(label)}">${grid.join('')}${ticks.join('')}${front.length > 1 ? `<polyline class="path" points="${line}"/>` : ''}${marks.join('')}<text class="tick" x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${escapeHtml(label)}</text></svg>`;
}

/** Of a letter, about, and of a line of them. */
const [LETTER, LINE] = [7, 13];

/** The height of each name, right of its point: as high as that, or as near to it as no name or point is in the way. */
function namePlaces(points: readonly { name: string; x: number; y: number }[]): number[] {
  const taken: { from: number; to: number; y: number }[] = points.map(({ x, y }) => ({ from: x - 5, to: x + 5, y }));
  return points.map((point, index) => {
    const [from, to] = [point.x + 9, point.x + 9 + point.name.length * LETTER];
    const isFree = (y: number): boolean =>
      taken.every((each, other) => other === index || each.to < from || each.from > to || Math.abs(each.y - y) >= LINE);
    const y = [0, -LINE, LINE, -2 * LINE, 2 * LINE].map((shift) => point.y + shift).find(isFree) ?? point.y;
    taken.push({ from, to, y });
    return y;
  });
}
