import { describe, expect, it } from 'vitest';
import { createPacedClock } from '../../src/platform/paced-clock.ts';
import { createRealClock, type Clock } from '../../src/platform/clock.ts';
import { type Turn } from './scripted-agent.ts';
import { ofType, runScripted, START } from './scripted-run.ts';

/** Real time that jumps to whatever is waited for, and adds up the waits. */
function jumping(): Clock & { waited: () => number } {
  let now = START;
  let waited = 0;
  return {
    ...createRealClock(),
    waited: () => waited,
    now: () => now,
    after: (ms, callback) => {
      let isLive = true;
      setImmediate(() => {
        if (!isLive) return;
        waited += ms;
        now += ms;
        callback();
      });
      return () => void (isLive = false);
    },
  };
}

const ask: Turn = { when: 'draft', request: 1, tool_calls: [{ name: 'ask_others', args: { question: 'Which?' } }] };
const vote: Turn = { when: 'judge', vote: 'first', repeat: true };
const asking: Turn[] = [ask, { when: 'draft', answer: 'A.', repeat: true }, vote];

describe('built-in agents that wait for a person', () => {
  it('wait no longer than the question may take, in real time', async () => {
    const real = jumping();
    const events = await runScripted({
      scripts: { a: asking, b: [{ when: 'draft', answer: 'B.', repeat: true }, vote] },
      settings: { broadcast: 'human', broadcastTimeoutMs: 90_000 },
      clock: createPacedClock({ startAt: START, speed: Infinity, real }),
      isAttended: true,
    });
    expect(ofType(events, 'question.answered').map(({ data }) => data.outcome)).toEqual(['timed-out']);
    expect(real.waited()).toBe(90_000);
  });

  it('do not hold up the others', async () => {
    const events = await runScripted({
      scripts: { a: asking, b: [{ when: 'draft', answer: 'B.', delay_ms: 5_000, repeat: true }, vote] },
      settings: { broadcast: 'human', broadcastTimeoutMs: null },
      isAttended: true,
      onStart: (handle) => {
        handle.subscribe((event) => {
          // Only once the other one has answered does the person reply.
          if (event.type !== 'answer.submitted' || event.data.text !== 'B.') return;
          handle.send({ type: 'reply', question: 'question-1', choices: [], text: 'This one.' });
        });
      },
    });
    expect(ofType(events, 'answer.submitted').map(({ data }) => data.text)).toEqual(['B.', 'A.']);
  });
});
