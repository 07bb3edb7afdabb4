import type { Alias } from '../../events/event.ts';
import type { PaneFlow } from './flow.ts';
import type { Line } from './line.ts';

/** How panes that follow their newest text are kept up to date. */
export interface Pacing {
  /** Least time between two changes of a pane that is not focused. */
  restMs: number;
  /** Text that reaches the end of a pane moves up by most of the pane at once, so that each row is sent only once. */
  isJumping: boolean;
}

interface Shown {
  flow: PaneFlow;
  height: number;
  version: number;
  at: number;
  top: number;
  rows: Line[];
}

/**
 * Remembers what each following pane shows, and decides when it shows more. The focused pane is never behind; another
 * one is for `restMs` at most, as long as somebody draws again while `isBehind` says so.
 */
export class PanePace {
  pacing: Pacing = { restMs: 0, isJumping: false };
  /** The last picture left text out that was there already. */
  isBehind = false;
  readonly #shown = new Map<Alias, Shown>();

  /** A new picture begins. */
  begin(): void {
    this.isBehind = false;
  }

  /** The rows for the end of a pane; `version` rises with every change of its text. */
  rows(
    alias: Alias,
    flow: PaneFlow,
    height: number,
    { version, now, isFocused }: { version: number; now: number; isFocused: boolean },
  ): Line[] {
    const known = this.#shown.get(alias);
    const isSame = known?.flow === flow && known.height === height;
    if (known && isSame) {
      if (known.version === version) return known.rows;
      if (!isFocused && now - known.at < this.pacing.restMs) {
        this.isBehind = true;
        return known.rows;
      }
    }
    const top = this.pacing.isJumping ? jump(flow, height, isSame ? (known?.top ?? 0) : null) : 0;
    const rows = this.pacing.isJumping ? flow.slice(top, height) : flow.tail(height);
    flow.keepEnd();
    // Panes that begin together take turns afterwards: pictures of equal size instead of large and small ones.
    const at = isSame ? now : now - this.pacing.restMs * ((this.#shown.size % 4) / 4);
    this.#shown.set(alias, { flow, height, version, at, top, rows });
    return rows;
  }
}

/** The first row to show: the old one while the text fits below it, else one that leaves most of the pane free. */
function jump(flow: PaneFlow, height: number, top: number | null): number {
  const count = flow.rowCount;
  if (top !== null && count >= top && count <= top + height) return top;
  if (count <= height) return 0;
  return top === null ? count - height : count - Math.ceil(height / 3);
}
