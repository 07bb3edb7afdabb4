import { isJsonObject, type JsonObject, type JsonValue } from '../../events/json.ts';
import { numberAt, objectAt, parseJson, stringAt } from '../wire/json-fields.ts';

/** A call as it was streamed. */
export interface CollectedCall {
  id: string | null;
  name: string;
  rawArgs: string;
  /** The tool takes free text. */
  isFreeForm: boolean;
  /** What has to go back with the call: signatures of thoughts, where Gemini's models are behind this protocol. */
  extra: JsonObject | null;
}

interface Slot extends CollectedCall {
  index: number | null;
}

/**
 * Puts calls together from their fragments. Fragments belong together by `index`; servers that give every call the
 * same index, or none, are understood by a new id, and those that send no ids either by a new name.
 */
export function createCallCollector(): { add(fragment: JsonObject): void; take(): CollectedCall[] } {
  const slots: Slot[] = [];

  const find = (index: number | null, id: string | null, name: string, args: string): Slot | undefined => {
    const last = index === null ? slots.at(-1) : slots.findLast((slot) => slot.index === index);
    if (last === undefined) {
      const same = index === null || id === null ? undefined : slots.find((slot) => slot.id === id);
      // Other servers give several calls one id.
      return same && isNextCall(same, name, args) ? undefined : same;
    }
    if (id !== null && last.id !== null && last.id !== id) {
      // Some servers make up an id for every fragment; only the first one of a call has its name.
      return slots.find((slot) => slot.id === id) ?? (name === '' ? last : undefined);
    }
    // A server that has named a call by id and index would name the next one too.
    const isSame = id !== null || (last.id !== null && index !== null);
    return isSame || !isNextCall(last, name, args) ? last : undefined;
  };

  return {
    add(fragment) {
      const index = numberAt(fragment, 'index');
      const id = stringAt(fragment, 'id') || null;
      const custom = objectAt(fragment, 'custom');
      const body = objectAt(fragment, 'function') ?? custom ?? {};
      const name = stringAt(body, 'name') ?? '';
      const args = textOf(body.arguments ?? body.input ?? '');
      let slot = find(index, id, name, args);
      if (!slot) {
        slot = { index, id, name: '', rawArgs: '', isFreeForm: custom !== null, extra: null };
        slots.push(slot);
      }
      slot.id ??= id;
      slot.extra = objectAt(fragment, 'extra_content') ?? slot.extra;
      // A name may come in pieces, and some servers repeat it with every fragment.
      if (slot.rawArgs === '' && name !== slot.name) slot.name += name;
      // What begins anew after it was whole is told once more, or was an empty object that stood for what follows.
      const isAnew = !slot.isFreeForm && args.startsWith('{') && isWhole(slot.rawArgs);
      slot.rawArgs = isAnew ? args : slot.rawArgs + args;
    },
    take: () => slots.map(({ index: _index, ...call }) => call),
  };
}

function textOf(args: JsonValue): string {
  return typeof args === 'string' ? args : JSON.stringify(args);
}

/** Without an id: another name, or the same one again with arguments although those before are whole. */
function isNextCall(last: Slot, name: string, args: string): boolean {
  if (name === '' || last.name === '') return false;
  return name !== last.name || (args !== '' && isWhole(last.rawArgs));
}

function isWhole(args: string): boolean {
  return args.endsWith('}') && isJsonObject(parseJson(args));
}
