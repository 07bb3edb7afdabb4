import type { JsonObject } from '../../events/json.ts';
import { numberAt, objectAt, stringAt } from '../wire/json-fields.ts';

/** A call as it was streamed. */
export interface CollectedCall {
  id: string | null;
  name: string;
  rawArgs: string;
}

interface Slot extends CollectedCall {
  index: number | null;
}

/**
 * Puts calls together from their fragments. Fragments belong together by `index`; servers that give every call the
 * same index, or none, are understood by a new id.
 */
export function createCallCollector(): { add(fragment: JsonObject): void; take(): CollectedCall[] } {
  const slots: Slot[] = [];

  const find = (index: number | null, id: string | null): Slot | undefined => {
    const last = index === null ? slots.at(-1) : slots.findLast((slot) => slot.index === index);
    if (id === null || last === undefined || last.id === null || last.id === id) return last;
    return slots.find((slot) => slot.id === id);
  };

  return {
    add(fragment) {
      const index = numberAt(fragment, 'index');
      const id = stringAt(fragment, 'id') || null;
      const body = objectAt(fragment, 'function') ?? objectAt(fragment, 'custom') ?? {};
      let slot = find(index, id);
      if (!slot) {
        slot = { index, id, name: '', rawArgs: '' };
        slots.push(slot);
      }
      slot.id ??= id;
      // A name comes whole, and some servers repeat it with every fragment.
      if (slot.name === '') slot.name = stringAt(body, 'name') ?? '';
      const args = body.arguments ?? body.input;
      if (typeof args === 'string') slot.rawArgs += args;
      else if (args !== undefined && args !== null) slot.rawArgs += JSON.stringify(args);
    },
    take: () => slots.map(({ id, name, rawArgs }) => ({ id, name, rawArgs })),
  };
}
