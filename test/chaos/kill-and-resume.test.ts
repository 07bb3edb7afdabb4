import { spawn } from 'node:child_process';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { foldEvents } from '../../src/coordination/apply.ts';
import { agentsOf, countingBallots } from '../../src/coordination/views.ts';
import { isDelta, type RunEvent } from '../../src/events/event.ts';
import { readAll } from '../../src/runlog/read-run-log.ts';
import { runCommandLine, withFolder } from '../cli/command-process.ts';

const KILLED_RUN = fileURLToPath(new URL('killed-run.ts', import.meta.url));

/** A tool call, a failed request that is tried again, a refused call, an agent that fails and one that abstains. */
const TEAM = `
agents:
  - id: a
    backend:
      type: scripted
      script:
        turns:
          - { request: 1, reasoning: Let me see., tool_calls: [{ name: calculator, args: { expression: 6 * 7 } }] }
          - { request: 2, answer: It is 42. }
          - { when: judge, vote: agent1, repeat: true }
          - { when: present, text: "Presented: 42.", repeat: true }
  - id: b
    backend:
      type: scripted
      script:
        turns:
          - { when: draft, fail: { kind: rate-limit, retry_after_ms: 20 } }
          - { when: draft, answer: It is 43., repeat: true }
          - { when: judge, text: Hm. }
          - { when: judge, vote: agent1, repeat: true }
          - { when: present, text: "Presented: 43.", repeat: true }
  - id: c
    backend:
      type: scripted
      script:
        turns:
          - { when: draft, answer: It is 44., repeat: true }
          - { when: judge, fail: { kind: auth, message: No such key. }, repeat: true }
          - { when: present, text: "Presented: 44.", repeat: true }
  - id: d
    backend:
      type: scripted
      script:
        turns:
          - { when: draft, answer: It is 45., repeat: true }
          - { when: judge, text: I will not., repeat: true }
          - { when: present, text: "Presented: 45.", repeat: true }
`;

/** What a user would miss if it were not the same. */
function outcomeOf(events: readonly RunEvent[]) {
  const state = foldEvents(events);
  if (!state) return null;
  return {
    end: state.end,
    final: state.final?.text,
    winner: state.winner?.label,
    answers: agentsOf(state).map((agent) => [agent.info.id, agent.answers.map(({ label, text }) => [label, text])]),
    ballots: countingBallots(state).map(({ voter, choice, view }) => [voter, choice, view]),
    standing: agentsOf(state).map((agent) => [agent.info.id, agent.standing]),
    tools: events.flatMap((event) => (event.type === 'tool.started' ? [event.data.call.id] : [])),
  };
}

/** Begins the run in the folder and lets it die at that event; 0 lets it live. Resolves with the run's folder. */
async function begin(folder: string, seq: number): Promise<string> {
  const child = spawn(process.execPath, [KILLED_RUN, '../team.yaml', String(seq)], { cwd: folder, stdio: 'inherit' });
  const signal = await new Promise((resolve) => child.on('close', (_, by) => resolve(by)));
  expect(signal).toBe(seq === 0 ? null : 'SIGKILL');
  const runs = join(folder, '.massgen', 'runs');
  const [id = ''] = await readdir(runs);
  const dir = join(runs, id);
  // What was flushed together with that event might as well not have been.
  const lines = (await readFile(join(dir, 'run.jsonl'), 'utf8')).split('\n');
  if (seq > 0) await writeFile(join(dir, 'run.jsonl'), `${lines.slice(0, seq).join('\n')}\n`);
  return dir;
}

describe('a run whose process is killed', () => {
  it(
    'is resumed by the command after any type of decision, and nothing is lost or done twice',
    { timeout: 120_000 },
    async () => {
      await withFolder({ 'team.yaml': TEAM }, async (folder) => {
        const inFolder = async (name: string): Promise<string> => {
          await mkdir(join(folder, name));
          return join(folder, name);
        };
        const undisturbed = await readAll(await begin(await inFolder('undisturbed'), 0));
        const decisions = undisturbed.filter((event) => !isDelta(event));
        const kills = [...new Map(decisions.slice(0, -1).map((event) => [event.type, event])).values()];
        expect(kills.map((event) => event.type).toSorted()).toEqual([
          'agent.abstained',
          'agent.failed',
          'answer.presented',
          'answer.submitted',
          'ballot.cast',
          'call.refused',
          'context.added',
          'request.failed',
          'request.finished',
          'request.started',
          'run.started',
          'tool.finished',
          'tool.started',
          'turn.finished',
          'turn.started',
          'winner.chosen',
        ]);
        const killAndResume = async ({ seq, type }: RunEvent): Promise<void> => {
          const cwd = await inFolder(type);
          const dir = await begin(cwd, seq);
          const before = await readAll(dir);
          const { code, stdout, stderr } = await runCommandLine(['resume', '--speed', 'max'], { cwd });
          expect({ type, code, stdout, stderr: code === 0 ? '' : stderr }).toEqual({
            type,
            code: 0,
            stdout: 'Presented: 42.\n',
            stderr: '',
          });
          const after = await readAll(dir);
          expect(after.slice(0, before.length)).toEqual(before);
          expect({ type, ...outcomeOf(after) }).toEqual({ type, ...outcomeOf(undisturbed) });
        };
        const waiting = [...kills];
        const work = async (): Promise<void> => {
          for (let next = waiting.pop(); next; next = waiting.pop()) await killAndResume(next);
        };
        const workers = await Promise.allSettled([work(), work()]);
        expect(workers.flatMap((worker) => (worker.status === 'rejected' ? [worker.reason] : []))).toEqual([]);
      });
    },
  );
});
