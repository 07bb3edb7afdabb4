import type { JsonObject } from '../../events/json.ts';
import type { Random } from '../../events/random.ts';
import type { Step } from '../scripted/play.ts';

/** What an agent does in one reply, in order. */
export type Speech = { do: 'think' | 'say'; text: string } | { do: 'call'; name: string; args: JsonObject };

/** How much faster than prose the arguments of a call are written. */
const CALL_SPEEDUP = 3;
const CHARS_PER_TOKEN = 4;

/**
 * Gives a speech the timing of a model: a moment before the first word, then word by word. `callPrefix` makes the
 * ids of its calls unique in the conversation.
 */
export function pace(speech: readonly Speech[], tokensPerSecond: number, random: Random, callPrefix: string): Step[] {
  const msPerChar = 1000 / (tokensPerSecond * CHARS_PER_TOKEN);
  const steps: Step[] = [{ waitMs: 400 + random.int(600), event: null }];
  let calls = 0;
  for (const part of speech) {
    if (part.do === 'call') {
      calls += 1;
      const rawArgs = JSON.stringify(part.args);
      const call = { id: `${callPrefix}-${calls}`, name: part.name, args: part.args, rawArgs };
      steps.push({
        waitMs: Math.round((rawArgs.length * msPerChar) / CALL_SPEEDUP),
        event: { type: 'tool-call', call },
      });
      continue;
    }
    const type = part.do === 'think' ? 'reasoning' : 'text';
    for (const text of part.text.match(/\s*\S+\s*$|\s*\S+/g) ?? []) {
      const waitMs = Math.max(1, Math.round(text.length * msPerChar * (0.6 + 0.8 * random.next())));
      steps.push({ waitMs, event: { type, text } });
    }
  }
  return steps;
}
