import type { Alias } from '../../events/event.ts';
import type { BlockList } from '../store/blocks.ts';
import type { Token } from '../theme/tokens.ts';
import { PaneFlow } from './flow.ts';
import type { Glyphs } from './glyphs.ts';
import type { Line } from './line.ts';
import type { MarkdownRenderer } from './markdown-rows.ts';

interface FlowKey {
  width: number;
  showReasoning: boolean;
  showTools: boolean;
  showKey: string;
  glyphs: Glyphs;
  agent: Token;
  render: MarkdownRenderer | null;
}

/** What views remember between two pictures. Forgetting it all changes no picture, only the time it takes. */
export class ViewCache {
  #flows = new Map<Alias, { list: BlockList; flow: PaneFlow }>();
  #renderers = new Map<MarkdownRenderer, number>();
  #documents = new Map<string, Line[]>();

  flow(alias: Alias, list: BlockList, key: FlowKey): PaneFlow {
    const known = this.#flows.get(alias);
    if (known && known.list === list && known.flow.fits(key)) return known.flow;
    const flow = new PaneFlow(list, key);
    this.#flows.set(alias, { list, flow });
    return flow;
  }

  /** A number for a renderer, to have it in a key. */
  idOf(render: MarkdownRenderer | null): number {
    if (render === null) return 0;
    let id = this.#renderers.get(render);
    if (id === undefined) this.#renderers.set(render, (id = this.#renderers.size + 1));
    return id;
  }

  /** A rendered document, made once per key. Only the last few are kept. */
  document(key: string, make: () => Line[]): Line[] {
    let lines = this.#documents.get(key);
    if (!lines) {
      lines = make();
      if (this.#documents.size > 8) this.#documents.clear();
      this.#documents.set(key, lines);
    }
    return lines;
  }
}
