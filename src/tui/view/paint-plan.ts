import type { Area } from './frame.ts';
import type { Line } from './line.ts';

/** A part of one row of the screen: row `index` of an area. */
interface Segment {
  area: Area;
  index: number;
}

/** What lies on one row of the screen. */
interface Row {
  segments: Segment[];
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

/**
 * Remembers what is on the screen, so that only what changed is painted: of a row on which the areas lie side by side
 * where they lay before, the areas with another line there; of all others everything.
 */
export class PaintMemory {
  #rows: Row[] = [];

  /** The next picture is painted whole. */
  forget(): void {
    this.#rows = [];
  }

  /** `areas` from back to front. */
  plan(areas: readonly Area[], height: number): PaintPlan {
    const next = Array.from({ length: height }, (): Segment[] => []);
    for (const area of areas) {
      for (let index = 0; index < area.height; index++) next[area.y + index]?.push({ area, index });
    }
    const blank: number[] = [];
    const painted = new Map<Area, number[]>();
    this.#rows = next.map((segments, y) => {
      const before = this.#rows[y];
      const isSame = before !== undefined && isSameLayout(before.segments, segments);
      const isApart = isSame ? before.isApart : isSideBySide(segments);
      const isPatched = isSame && isApart;
      if (!isPatched) blank.push(y);
      for (const [i, segment] of segments.entries()) {
        if (isPatched && isSameLine(lineOf(before.segments[i]), lineOf(segment))) continue;
        const rows = painted.get(segment.area);
        if (rows) rows.push(segment.index);
        else painted.set(segment.area, [segment.index]);
      }
      return { segments, isApart };
    });
    return { blank, rowsOf: (area) => painted.get(area) ?? [] };
  }
}

function isSameLayout(a: readonly Segment[], b: readonly Segment[]): boolean {
  if (a.length !== b.length) return false;
  return a.every(({ area }, i) => {
    const other = b[i]?.area;
    return other !== undefined && area.x === other.x && area.width === other.width && area.fill === other.fill;
  });
}

function isSideBySide(segments: readonly Segment[]): boolean {
  return segments.every(({ area: a }, i) =>
    segments.every(({ area: b }, j) => j <= i || a.x + a.width <= b.x || b.x + b.width <= a.x),
  );
}

function lineOf(segment: Segment | undefined): Line | undefined {
  return segment?.area.lines[segment.index];
}

function isSameLine(a: Line | undefined, b: Line | undefined): boolean {
  if (a === b) return true;
  if (a?.length !== b?.length) return false;
  return a?.every((span, i) => span.style === b?.[i]?.style && span.text === b[i].text) === true;
}
