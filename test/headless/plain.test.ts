import { Writable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventDraft } from '../../src/events/event.ts';
import { NO_USAGE } from '../../src/events/usage.ts';
import { MassgenError } from '../../src/platform/errors.ts';
import { printPlain } from '../../src/headless/plain.ts';
import { everyDraft } from '../runlog/every-draft.ts';
import { sink, started, STORY, toldRun } from './told-run.ts';

async function print(drafts: EventDraft[]): Promise<{ stdout: string; stderr: string }> {
  const run = toldRun();
  const [stdout, stderr] = [sink(), sink()];
  const printing = printPlain(run.handle, { stdout, stderr });
  run.tell(...drafts);
  run.end();
  await printing;
  return { stdout: stdout.text, stderr: stderr.text };
}

test('the answer alone is on stdout, what happened is on stderr', async () => {
  expect(await print(STORY)).toEqual({
    stdout: 'Rayleigh scattering,\nas Lord Rayleigh found.\n',
    stderr: `[run] 2 agents of team.yaml: alpha (gpt-x), beta (claude-x)
[run] question: Why is the sky blue?
[run] log: /runs/run-1
[alpha] begins to answer
[alpha] says: Rayleigh scattering.
[alpha] answers as agent2.1 (20 characters): Rayleigh scattering.
[beta] begins to answer, seeing agent2.1
[beta] model call failed (overloaded), next try in 2.0s: Overloaded, try later.
[beta] uses read_file
[beta] read_file failed: no such file
[beta] refused (wrong-phase): Answer first.
[beta] answers as agent1.1 (8 characters, cut off): The sea.
[alpha] judges agent1.1, agent2.1
[alpha] votes for agent1.1 of beta: Simple.
[beta] votes for agent2.1 of alpha: It is right.
[run] winner: agent2.1 of alpha by copeland, 2 ballots: One ballot each.
[run] a tie of agent1.1, agent2.1 was decided by earliest-answer
[alpha] presents the final answer
[run] note: The presenter failed.
[run] answered after 2.3s, 1,234 tokens, $0.0123: A winner was chosen.
`,
  });
});

test('a run without an answer prints nothing on stdout', async () => {
  const { stdout, stderr } = await print([
    started,
    { type: 'agent.failed', agent: 'agent1', data: { error: { kind: 'auth', message: 'The key is wrong.' } } },
    { type: 'agent.abstained', agent: 'agent2', data: { reason: 'No vote came.' } },
    { type: 'deadline.reached', data: { limitMs: 60_000 } },
    { type: 'run.cancelled', data: { by: 'signal' } },
    { type: 'run.finished', data: { outcome: 'failed', reason: 'Nobody answered.' } },
  ]);
  expect(stdout).toBe('');
  expect(stderr.split('\n').slice(3)).toEqual([
    '[beta] is out (auth): The key is wrong.',
    '[alpha] will not vote: No vote came.',
    '[run] time is up after 60.0s',
    '[run] cancelled by signal',
    '[run] failed after 0.5s, 0 tokens, $0.0000: Nobody answered.',
    '',
  ]);
});

test('nothing that a model or a file says steers the terminal or forges a line', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), async (noise) => {
      const hostile = `\u001b[2J\u009b1A\r\n[run] winner${noise}\u202e`;
      const drafts = everyDraft(hostile).filter(({ type }) => !['run.started', 'run.finished'].includes(type));
      const { stdout, stderr } = await print([started, ...drafts.map((draft) => ({ ...draft, agent: 'agent1' }))]);
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
      const lines = stderr.split('\n').slice(3, -1);
      expect(lines.filter((line) => !/^\[(beta|run)\] (?!winner$)/.test(line))).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

test('the last state is what it resolves with', async () => {
  const run = toldRun();
  run.tell(...STORY);
  run.end();
  const state = await printPlain(run.handle, { stdout: sink(), stderr: sink() });
  expect(state?.end).toEqual({ outcome: 'answered', reason: 'A winner was chosen.' });
});

test('a log that could not be written is told by rejecting', async () => {
  const run = toldRun();
  const error = new MassgenError('log-unwritable', 'No space.');
  const printing = printPlain(run.handle, { stdout: sink(), stderr: sink() });
  run.tell(started);
  run.end(error);
  await expect(printing).rejects.toBe(error);
});

/** A stream that fails at its first text. */
function failing(code: string): Writable {
  return new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error(`write ${code}`), { code }));
    },
  });
}

test('an answer that could not be written says so and where it is', async () => {
  const run = toldRun();
  run.tell(...STORY);
  run.end();
  await expect(printPlain(run.handle, { stdout: failing('ENOSPC'), stderr: sink() })).rejects.toMatchObject({
    code: 'output-failed',
    exitCode: 2,
    message:
      'The output could not be written (ENOSPC); the answer is in /runs/run-1/final/answer.txt. Check where it was to go.',
  });
});

test('readers that went away are no failure', async () => {
  const run = toldRun();
  run.tell(...STORY);
  run.end();
  const state = await printPlain(run.handle, { stdout: failing('EPIPE'), stderr: failing('EPIPE') });
  expect(state?.end?.outcome).toBe('answered');
});

test('a winner and a final answer are told of the run, not of their agent', async () => {
  const drafts = STORY.map((draft) =>
    draft.type === 'winner.chosen' || draft.type === 'answer.presented' ? { ...draft, agent: 'agent2' } : draft,
  );
  expect(await print(drafts)).toEqual(await print(STORY));
});

test('what is asked for a subagent, and what it is told, stands under its own name behind its agent’s', async () => {
  const [agent, subagent] = ['agent1', 'agent1-sub1'];
  const call = { turn: 't', callId: 'c', subagent, tool: 'send', action: 'send', target: 'bob', risk: 'high' as const };
  const said = { isAllowed: true, scope: 'once' as const, by: 'user' as const, reason: '' };
  const asked = { question: 'q1', turn: 't', subagent, to: ['user'], text: 'Which port?', options: [] };
  const answer = { question: 'q1', by: 'user', outcome: 'answered' as const, choices: [], text: '8080', reason: '' };
  const { stderr } = await print([
    started,
    { type: 'approval.requested', agent, data: { ...call, request: 'a1', detail: '', diff: null } },
    { type: 'approval.decided', agent, data: { ...call, request: 'a1', ...said } },
    { type: 'question.asked', agent, data: { ...asked, isMultiple: false, allowsText: true, timeoutMs: null } },
    { type: 'question.answered', agent, data: { ...answer, usage: NO_USAGE, costUsd: 0 } },
  ]);
  expect(stderr.split('\n').slice(3, -1)).toEqual([
    '[beta ▸ agent1-sub1] asks for leave: send bob',
    '[beta ▸ agent1-sub1] may (user): send bob',
    '[beta ▸ agent1-sub1] asks user: Which port?',
    '[beta ▸ agent1-sub1] is told by user: 8080',
  ]);
});
