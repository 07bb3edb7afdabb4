import { spawn } from 'node:child_process';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { foldEvents } from '../../src/coordination/apply.ts';
import { agentsOf, countingBallots } from '../../src/coordination/views.ts';
import { isDelta, type RunEvent } from '../../src/events/event.ts';
import type { Command } from '../../src/events/run-handle.ts';
import { readAll } from '../../src/runlog/read-run-log.ts';
import { runCommandLine, withFolder } from '../cli/command-process.ts';

const KILLED_RUN = fileURLToPath(new URL('killed-run.ts', import.meta.url));

/** A tool call, a failed request that is tried again, a refused call, an agent that fails and one that abstains. */
const TEAM = `
orchestrator: { coordination: { persona_generator: { strategy: diverse } } }
agents:
  - id: a
    backend:
      type: scripted
      script:
        turns:
          - { when: prepare, tool_calls: [{ name: assign, args: { agents: [{ agent: agent1, text: You doubt. }] } }] }
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

/**
 * Another one, for what the first cannot show: a plan, a question that a copy answers, a model that is given up, files,
 * and a budget.
 */
const ASKING_TEAM = `
agents:
  - id: a
    backend:
      type: scripted
      cwd: workspace
      script:
        turns:
          - { when: draft, request: 1, tool_calls: [{ name: create_task_plan, args: { tasks: [{ description: Think }] } }] }
          - { when: draft, request: 2, tool_calls: [{ name: ask_others, args: { question: "Is it 42?" } }] }
          - { when: draft, answer: It is 42., repeat: true }
          - { when: judge, vote: self, repeat: true }
          - { when: present, text: "Presented: 42.", repeat: true }
  - id: b
    backend:
      type: scripted
      script: { turns: [{ when: draft, repeat: true, fail: { kind: auth, message: No key. } }] }
      fallback:
        - type: scripted
          script:
            turns:
              - { when: reply, text: I think so., repeat: true }
              - { when: draft, answer: It is 43., repeat: true, delay_ms: 500 }
              - { when: judge, vote: other, repeat: true }
              - { when: present, text: "Presented: 43.", repeat: true }
limits: { tool_calls: 3 }
orchestrator:
  coordination: { broadcast: agents, enable_agent_task_planning: true }
`;

/** One whose agents have parts done by others, waited for and in the background. */
const SHARING_TEAM = `
agents:
  - id: a
    backend:
      type: scripted
      script:
        turns:
          - when: draft
            request: 1
            tool_calls: [{ name: spawn_subagents, args: { tasks: [{ task: One. }, { task: Two. }] } }]
          - when: draft
            request: 2
            tool_calls: [{ name: spawn_subagents, args: { tasks: [{ task: Three. }], background: true } }]
          - { when: draft, request: 3, tool_calls: [{ name: wait_for_subagents, args: {} }] }
          - { when: draft, answer: It is 42., repeat: true }
          - { when: judge, vote: self, repeat: true }
          - { when: present, text: "Presented: 42.", repeat: true }
  - id: b
    backend:
      type: scripted
      script:
        turns:
          - { when: draft, answer: It is 43., repeat: true }
          - { when: judge, vote: other, repeat: true }
          - { when: present, text: "Presented: 43.", repeat: true }
orchestrator:
  coordination:
    enable_subagents: true
    subagent_orchestrator:
      agents:
        - backend:
            type: scripted
            script:
              turns:
                - { request: 1, delay_ms: 900, tool_calls: [{ name: calculator, args: { expression: 6 * 7 } }] }
                - { text: Part done., delay_ms: 700, repeat: true }
`;

/** And one whose answer is found wanting once. */
const STRICT_TEAM = `
agents:${['a', 'b']
  .map(
    (id) => `
  - id: ${id}
    backend:
      type: scripted
      script:
        turns:
          - { when: draft, answer: By ${id}., repeat: true }
          - { when: judge, vote: agent1, repeat: true }
          - when: evaluate
            tool_calls: [{ name: restart_orchestration, args: { reason: Weak., instructions: Again. } }]
            repeat: true
          - { when: present, text: "Presented: 42.", repeat: true }`,
  )
  .join('')}
orchestrator: { coordination: { max_orchestration_restarts: 1 } }
`;

const OF_EVERY_TEAM = [
  'answer.presented',
  'answer.submitted',
  'ballot.cast',
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
];

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
    prepared: state.prepared,
    parts: agentsOf(state).map(({ subagents }) =>
      subagents.map(({ name, status, text, steps, usage }) => ({ name, status, text, steps, usage })),
    ),
    tools: events.flatMap((event) => (event.type === 'tool.started' ? [event.data.call.id] : [])),
  };
}

/** Begins the run in the folder and lets it die at that event; 0 lets it live. Resolves with the run's folder. */
async function begin(folder: string, seq: number, command?: Command): Promise<string> {
  const args = [KILLED_RUN, '../team.yaml', String(seq), ...(command ? [JSON.stringify(command)] : [])];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: 'inherit' });
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

/** Kills a run of the team at the first event of each type, except for those in `known`; resolves with the types. */
async function killEverywhere(team: string, known: readonly string[]): Promise<string[]> {
  return withFolder({ 'team.yaml': team }, async (folder) => {
    const inFolder = async (name: string): Promise<string> => {
      await mkdir(join(folder, name));
      return join(folder, name);
    };
    const undisturbed = await readAll(await begin(await inFolder('undisturbed'), 0));
    const decisions = undisturbed.filter((event) => !isDelta(event));
    const kills = [...new Map(decisions.slice(0, -1).map((event) => [event.type, event])).values()];
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
    const waiting = kills.filter(({ type }) => !known.includes(type));
    const work = async (): Promise<void> => {
      for (let next = waiting.pop(); next; next = waiting.pop()) await killAndResume(next);
    };
    const workers = await Promise.allSettled([work(), work()]);
    expect(workers.flatMap((worker) => (worker.status === 'rejected' ? [worker.reason] : []))).toEqual([]);
    return kills.map((event) => event.type).toSorted();
  });
}

const DRAFTERS = ['a', 'b', 'c']
  .map(
    (id) => `
  - id: ${id}
    backend:
      type: scripted
      script:
        turns:
          - { when: draft, answer: By ${id}., repeat: true }
          - { when: judge, vote: first, delay_ms: 500, repeat: true }
          - { when: present, text: "Presented: 42.", repeat: true }`,
  )
  .join('');

/** What a user says in the middle of a run, and the event that it becomes. */
const COMMANDS: [RunEvent['type'], Command][] = [
  ['message.sent', { type: 'message', to: 'all', text: 'Be brief.' }],
  ['message.delivered', { type: 'message', to: 'all', text: 'Be brief.' }],
  ['vote.added', { type: 'vote', label: 'agent1.1' }],
  ['answer.vetoed', { type: 'veto', label: 'agent1.1', reason: 'No.' }],
  ['vote.overridden', { type: 'override', label: 'agent2.1' }],
  ['drafting.closed', { type: 'answer-now', by: 'user' }],
  ['run.cancelled', { type: 'cancel', by: 'user' }],
];

describe('what a user has said before the process is killed', () => {
  it.each(COMMANDS)('holds after %s', { timeout: 120_000 }, async (type, command) => {
    await withFolder({ 'team.yaml': `agents:${DRAFTERS}` }, async (folder) => {
      const [whole, killed] = [join(folder, 'undisturbed'), join(folder, 'killed')];
      await mkdir(whole);
      await mkdir(killed);
      const undisturbed = await readAll(await begin(whole, 0, command));
      const seq = undisturbed.find((event) => event.type === type)?.seq ?? 0;
      expect(seq).toBeGreaterThan(0);
      const dir = await begin(killed, seq, command);
      const { code } = await runCommandLine(['resume', '--speed', 'max'], { cwd: killed });
      const after = outcomeOf(await readAll(dir));
      const wanted = outcomeOf(undisturbed);
      // Whoever goes on with a cancelled run takes the cancel back.
      const isCancel = type === 'run.cancelled';
      expect({ code, winner: after?.winner, end: after?.end?.outcome }).toEqual({
        code: 0,
        winner: isCancel ? after?.winner : wanted?.winner,
        end: 'answered',
      });
      const told = (await readAll(dir)).filter(
        (event) => event.type === 'context.added' && JSON.stringify(event.data.messages).includes('Be brief.'),
      );
      expect(told).toHaveLength(command.type === 'message' ? 3 : 0);
    });
  });
});

describe('a run whose process is killed', () => {
  it(
    'is resumed by the command after any type of decision, and nothing is lost or done twice',
    { timeout: 240_000 },
    async () => {
      expect(await killEverywhere(TEAM, [])).toEqual(
        [
          ...OF_EVERY_TEAM,
          'agent.abstained',
          'agent.failed',
          'call.refused',
          'preparation.finished',
          'preparation.started',
        ].toSorted(),
      );
    },
  );

  it(
    'is so in the middle of plans, questions, files, budgets and another model, too',
    { timeout: 240_000 },
    async () => {
      expect(await killEverywhere(ASKING_TEAM, OF_EVERY_TEAM)).toEqual(
        [
          ...OF_EVERY_TEAM,
          'budget.warned',
          'message.delivered',
          'model.switched',
          'plan.changed',
          'question.answered',
          'question.asked',
          'snapshot.restored',
          'snapshot.taken',
          'tools.prepared',
        ].toSorted(),
      );
    },
  );

  it('is so while subagents work, which are not paid twice', { timeout: 240_000 }, async () => {
    const others = OF_EVERY_TEAM.filter((type) => type !== 'request.failed');
    expect(await killEverywhere(SHARING_TEAM, others)).toEqual(
      [...others, 'message.delivered', 'subagent.finished', 'subagent.started', 'subagent.worked'].toSorted(),
    );
  });

  it('is so when the work begins again, too', { timeout: 240_000 }, async () => {
    const others = OF_EVERY_TEAM.filter((type) => !['request.failed', 'tool.started', 'tool.finished'].includes(type));
    expect(await killEverywhere(STRICT_TEAM, others)).toEqual(
      [...others, 'answer.evaluated', 'attempt.started'].toSorted(),
    );
  });
});
