import type { McpServerNeed } from '../../config/tool-needs.ts';
import type { McpServer } from './mcp-server.ts';

interface Held {
  server: McpServer;
  users: number;
}

/**
 * The servers that all agents of a run use together, by what the config says of them: two agents share one only if they mean
 * the very same. One that nobody uses any more is ended.
 */
export class SharedServers {
  readonly #held = new Map<string, Held>();

  /** `make` is called for the first who wants it. Whoever takes one gives it back once. */
  take(need: McpServerNeed, make: () => McpServer): { server: McpServer; giveBack: () => Promise<void> } {
    const name = JSON.stringify(need);
    const held = this.#held.get(name) ?? { server: make(), users: 0 };
    this.#held.set(name, held);
    held.users += 1;
    let isBack = false;
    const giveBack = async (): Promise<void> => {
      if (isBack) return;
      isBack = true;
      held.users -= 1;
      if (held.users > 0) return;
      if (this.#held.get(name) === held) this.#held.delete(name);
      await held.server.dispose();
    };
    return { server: held.server, giveBack };
  }
}
