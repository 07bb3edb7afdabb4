import { spawn } from 'node:child_process';
import { mkdtemp, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { foldEvents } from '../../src/coordination/apply.ts';
import type { EventType } from '../../src/events/event.ts';
import { readAll } from '../../src/runlog/read-run-log.ts';
import type { Fate } from './killed-run.ts';
import { live } from './one-life.ts';

// Each lets a process of its own begin, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

const KILLED_RUN = fileURLToPath(new URL('killed-run.ts', import.meta.url));

/** An agent whose answer plans two effects, which it makes when it has won, one after the other. */
const TEAM = `
agents:
  - id: a
    backend:
      type: scripted
      command_line_execution_mode: host
      custom_tools: [{ path: send.mjs }]
      script:
        turns:
          - when: draft
            request: 1
            tool_calls:
              - { name: custom_tool__send, args: { to: one } }
              - { name: custom_tool__send, args: { to: two } }
          - { when: draft, answer: Both are to be sent. }
          - { when: judge, vote: self }
          - when: present
            tool_calls:
              - { name: custom_tool__send, args: { to: one } }
              - { name: custom_tool__send, args: { to: two } }
          - { when: present, text: "Sent.", repeat: true }
  - id: b
    backend: { type: scripted, script: { turns: [{ answer: B. }, { when: judge, vote: other, repeat: true }] } }
orchestrator: { coordination: { enable_planning_mode: true } }
permissions: { rules: [ask custom_tool__send] }
`;
const SEND = `
import { appendFileSync } from 'node:fs';
export const send = {
  description: 'Sends.',
  parameters: { type: 'object', properties: { to: { type: 'string' } } },
  run: ({ to }) => { appendFileSync(new URL('effects.txt', import.meta.url), to + '\\n'); return 'Sent.'; },
};
`;

/** Resolves with the effects that were there when the process died, those in the end, and how far each action came. */
async function killedAt(type: EventType, nth: number) {
  const cwd = await realpath(await mkdtemp(join(tmpdir(), 'massgen-planned-')));
  onTestFinished(() => rm(cwd, { recursive: true, force: true }));
  await writeFile(join(cwd, 'team.yaml'), TEAM);
  await writeFile(join(cwd, 'send.mjs'), SEND);
  const scenario = { isAttended: true } as const;
  const fate: Fate = { scenario, dir: null, type, nth };
  const child = spawn(process.execPath, [KILLED_RUN, JSON.stringify(fate)], { cwd, stdio: 'inherit' });
  const signal = await new Promise((resolve) => child.on('close', (_, by) => resolve(by)));
  const effects = (): Promise<string> => readFile(join(cwd, 'effects.txt'), 'utf8').catch(() => '');
  const before = await effects();
  const runs = join(cwd, '.massgen', 'runs');
  const [id = ''] = await readdir(runs);
  const dir = join(runs, id);
  await live({ scenario, cwd, dir });
  const state = foldEvents(await readAll(dir));
  const stages = state?.actions.map(({ args, stage }) => [args['to'], stage]);
  return { signal, before, after: await effects(), stages, final: state?.final?.text };
}

test('between two planned actions: the second is made, the first is not made again', async () => {
  expect(await killedAt('action.ended', 1)).toEqual({
    signal: 'SIGKILL',
    before: 'one\n',
    after: 'one\ntwo\n',
    stages: [
      ['one', 'done'],
      ['two', 'done'],
    ],
    final: 'Sent.',
  });
});

test('while leave for the second is asked: both are made once', async () => {
  const { signal, after } = await killedAt('approval.requested', 2);
  expect([signal, after]).toEqual(['SIGKILL', 'one\ntwo\n']);
});

test('after both: nothing is made again', async () => {
  const { before, after } = await killedAt('action.ended', 2);
  expect([before, after]).toEqual(['one\ntwo\n', 'one\ntwo\n']);
});

test('at the beginning of one: nobody knows how far it came, so it is not made again, and is left as begun', async () => {
  const { after, stages } = await killedAt('action.begun', 2);
  expect(after.split('\n').filter((line) => line === 'one')).toEqual(['one']);
  expect(after.split('\n').filter((line) => line === 'two').length).toBeLessThanOrEqual(1);
  expect(stages).toEqual([
    ['one', 'done'],
    ['two', 'begun'],
  ]);
});
