import type { Area } from './frame.ts';
import type { Line } from './line.ts';

/** A part of one row of the screen: row `index` of the area with that number. */
interface Segment {
  area: number;
  index: number;
}

/** What lies on one row of the screen. */
interface Row {
  segments: readonly Segment[];
  /** No two of them overlap. */
  isApart: boolean;
}

/** What must be painted to turn the last picture into the next one. */
export interface PaintPlan {
  /** Rows of the screen on which everything is painted anew, on blank cells. */
  blank: readonly number[];
  /** The rows of an area that are painted. */
  rowsOf(area: Area): readonly number[];
}

const NOTHING: readonly number[] = [];

/**
 * Remembers what is on the screen, so that only what changed is painted: of a row on which the areas lie side by side
 * where they lay before, the areas with another line there; of all others everything.
 */
export class PaintMemory {
  #areas: readonly Area[] = [];
  #rows: readonly Row[] = [];

  /** The next picture is painted whole. */
  forget(): void {
    this.#rows = [];
  }

  /** `areas` from back to front. */
  plan(areas: readonly Area[], height: number): PaintPlan {
    const [oldAreas, oldRows] = [this.#areas, this.#rows];
    // Most pictures differ from the last one in their text alone.
    const isSamePlan = oldRows.length === height && isSameShape(oldAreas, areas);
    const rows = isSamePlan ? oldRows : rowsOf(areas, height);
    const blank: number[] = [];
    const painted = new Map<Area, number[]>();
    for (let y = 0; y < height; y++) {
      const row = rows[y];
      if (!row) continue;
      const { segments, isApart } = row;
      const before = isSamePlan ? row : oldRows[y];
      const isPatched =
        isApart && before !== undefined && (isSamePlan || isSameLayout(before.segments, oldAreas, segments, areas));
      if (!isPatched) blank.push(y);
      for (let i = 0; i < segments.length; i++) {
        const segment = segments[i];
        const area = segment && areas[segment.area];
        if (!area) continue;
        if (isPatched && isSameLine(lineOf(before.segments[i], oldAreas), area.lines[segment.index])) continue;
        const list = painted.get(area);
        if (list) list.push(segment.index);
        else painted.set(area, [segment.index]);
      }
    }
    this.#areas = areas;
    this.#rows = rows;
    return { blank, rowsOf: (area) => painted.get(area) ?? NOTHING };
  }
}

/** What lies on each row of the screen. */
function rowsOf(areas: readonly Area[], height: number): Row[] {
  const rows = Array.from({ length: height }, (): Segment[] => []);
  for (const [number, area] of areas.entries()) {
    for (let index = 0; index < area.height; index++) rows[area.y + index]?.push({ area: number, index });
  }
  return rows.map((segments) => ({ segments, isApart: isSideBySide(segments, areas) }));
}

function isSameShape(a: readonly Area[], b: readonly Area[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    const [one, other] = [a[i], b[i]];
    if (!one || !other || one.y !== other.y || one.height !== other.height || !isSameColumn(one, other)) return false;
  }
  return true;
}

function isSameColumn(a: Area, b: Area): boolean {
  return a.x === b.x && a.width === b.width && a.fill === b.fill;
}

function isSameLayout(
  a: readonly Segment[],
  aAreas: readonly Area[],
  b: readonly Segment[],
  bAreas: readonly Area[],
): boolean {
  if (a.length !== b.length) return false;
  return a.every((segment, i) => {
    const one = aAreas[segment.area];
    const other = bAreas[b[i]?.area ?? -1];
    return one !== undefined && other !== undefined && isSameColumn(one, other);
  });
}

function isSideBySide(segments: readonly Segment[], areas: readonly Area[]): boolean {
  const columns = segments.flatMap(({ area }) => areas[area] ?? []);
  return columns.every((a, i) => columns.every((b, j) => j <= i || a.x + a.width <= b.x || b.x + b.width <= a.x));
}

function lineOf(segment: Segment | undefined, areas: readonly Area[]): Line | undefined {
  return segment && areas[segment.area]?.lines[segment.index];
}

function isSameLine(a: Line | undefined, b: Line | undefined): boolean {
  if (a === b) return true;
  if (!a || !b || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    if (a[i]?.style !== b[i]?.style || a[i]?.text !== b[i]?.text) return false;
  }
  return true;
}
