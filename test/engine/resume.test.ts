import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { foldEvents } from '../../src/coordination/apply.ts';
import { resumeRun } from '../../src/engine/start-run.ts';
import { encodeEvent } from '../../src/events/codec.ts';
import type { RunEvent } from '../../src/events/event.ts';
import { createRealClock } from '../../src/platform/clock.ts';
import { createPacedClock } from '../../src/platform/paced-clock.ts';
import { createScriptedProvider } from '../../src/providers/scripted/provider.ts';
import { adoptRunLog } from '../../src/runlog/open-run-log.ts';
import { readAll } from '../../src/runlog/read-run-log.ts';
import { createRedactor } from '../../src/runlog/redact.ts';
import { ofType, runScripted, scriptedAgent, type Turn } from './scripted-run.ts';

/** Every turn may be used again, since a new process begins its scripts anew. */
const script = (answer: string): Turn[] => [
  { when: 'draft', reasoning: 'Let me see.', answer, repeat: true },
  { when: 'judge', vote: 'agent2', repeat: true },
  { when: 'present', text: `Presented: ${answer}`, repeat: true },
];
const scripts = { a: script('one'), b: script('two'), c: script('three') };
const settings = { finalAnswer: 'present' as const };

/** Puts what a killed process left behind on disk, and goes on with it in a new one. */
async function resume(left: readonly RunEvent[], torn: string): Promise<RunEvent[]> {
  const runsDir = await mkdtemp(join(tmpdir(), 'massgen-resume-'));
  const dir = join(runsDir, 'run-1');
  try {
    await mkdir(dir);
    await writeFile(join(dir, 'run.jsonl'), left.map(encodeEvent).join('') + torn);
    const clock = createPacedClock({ startAt: left.at(-1)?.at ?? 0, speed: Infinity, real: createRealClock() });
    const { log, events } = await adoptRunLog(dir, { clock, redact: createRedactor({ secrets: [] }) });
    const agents = Object.entries(scripts).map(([id, turns]) => scriptedAgent(id, turns));
    const createProvider = (agent: (typeof agents)[number]) => createScriptedProvider(agent.backend, { clock });
    const handle = resumeRun({ agents, clock, log, createProvider, toolsOf: () => [] }, events);
    await handle.ended;
    return await readAll(dir);
  } finally {
    await rm(runsDir, { recursive: true, force: true });
  }
}

describe('a run whose process was killed', () => {
  it('comes to the same outcome, whatever the last event on disk was', async () => {
    const undisturbed = await runScripted({ scripts, settings });
    const expected = foldEvents(undisturbed);
    for (let length = 1; length < undisturbed.length; length += 1) {
      const events = await resume(undisturbed.slice(0, length), '');
      const state = foldEvents(events);
      expect({
        after: undisturbed[length - 1]?.type,
        winner: state?.winner?.label,
        final: state?.final?.text,
        end: state?.end,
      }).toEqual({
        after: undisturbed[length - 1]?.type,
        winner: expected?.winner?.label,
        final: expected?.final?.text,
        end: expected?.end,
      });
    }
  });

  it('asks no model again for a reply that is in the log', async () => {
    const undisturbed = await runScripted({ scripts, settings });
    const afterDrafts = undisturbed.findIndex((event) => event.type === 'turn.started' && event.data.kind === 'judge');
    const events = await resume(undisturbed.slice(0, afterDrafts), '');
    const resumed = events.findIndex((event) => event.type === 'run.resumed');
    const kinds = ofType(events.slice(resumed), 'turn.started').map((event) => event.data.kind);
    expect(kinds.toSorted()).toEqual(['judge', 'judge', 'judge', 'present']);
  });

  it('loses a torn last line and nothing else', async () => {
    const undisturbed = await runScripted({ scripts, settings });
    const kept = undisturbed.slice(0, 12);
    const events = await resume(kept, '{"v":1,"seq":13,"at":17');
    expect(events.slice(0, 12)).toEqual(kept);
    expect(events[12]).toMatchObject({ seq: 13, type: 'run.resumed', epoch: 2 });
  });
});
