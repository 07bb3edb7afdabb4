import type { ModelEvent, ToolUses } from './provider.ts';

export interface UseCount {
  add(event: ModelEvent): void;
  readonly uses: ToolUses;
}

/** Counts the uses that a provider may charge for: one that failed, or that only reads on in what was found, is free. */
export function createUseCount(): UseCount {
  // Without anything of its own: a name is the server's word.
  const uses = Object.create(null) as Record<string, number>;
  const change = (name: string, by: number): void => {
    uses[name] = Math.max(0, (uses[name] ?? 0) + by);
  };
  return {
    uses,
    add(event) {
      if (event.type === 'builtin-tool' && event.isFree !== true) change(event.name, 1);
      else if (event.type === 'builtin-result' && event.isError) change(event.name, -1);
    },
  };
}
