import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { launch, resume, type Launch } from '../../src/cli/launch.ts';
import { loadConfig } from '../../src/config/load.ts';
import { resolveTeam } from '../../src/config/resolve.ts';
import { readLaunchRecord } from '../../src/engine/launch-record.ts';
import { exportHtml } from '../../src/headless/report/export-html.ts';
import { createRealClock } from '../../src/platform/clock.ts';
import { readAll } from '../../src/runlog/read-run-log.ts';
import { forkRun } from '../../src/sessions/fork-run.ts';
import { readHistory } from '../../src/sessions/history.ts';
import { reportRun } from '../../src/sessions/run-report.ts';
import { createSessionStore, type SessionStore } from '../../src/sessions/session-store.ts';
import { openThread } from '../../src/sessions/session-thread.ts';

const TEAM = `
agents:
  - id: a
    backend: { type: scripted, script: { turns: [{ repeat: true, chunk: 5, chunk_ms: 5, text: The answer of a. }] } }
`;

let cwd = '';
let store: SessionStore;
let request: Launch;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'massgen-long-'));
  store = createSessionStore(join(cwd, 'home'));
  await writeFile(join(cwd, 'team.yaml'), TEAM);
  const team = resolveTeam(await loadConfig('team.yaml', { env: {}, cwd }), { env: {} });
  const thread = openThread({ store, id: 'long', cwd, now: 1 });
  const onProblem = (problem: string): void => expect.unreachable(problem);
  request = { team, seed: 1, speed: Infinity, cwd, variables: {}, version: '0', onProblem, thread };
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

async function ask(question: string, isCancelled = false): Promise<string> {
  const { handle, files } = await launch(request, question);
  if (isCancelled) {
    handle.subscribe((event) => {
      if (event.type === 'request.started') handle.send({ type: 'cancel', by: 'user' });
    });
  }
  await handle.ended;
  await files.settled;
  return handle.dir;
}

describe('a session of twenty turns with a cancel, a crash and a branch', () => {
  it('remembers each of them, and its page shows exactly what happened', async () => {
    for (let turn = 1; turn <= 18; turn += 1) await ask(`Question ${turn}?`, turn === 7);
    const crashed = await ask('Question 19?');
    const whole = (await readFile(join(crashed, 'run.jsonl'), 'utf8')).split('\n');
    await writeFile(join(crashed, 'run.jsonl'), `${whole.slice(0, 4).join('\n')}\n{"v":1,"se`);
    const before = await store.load('long');
    if (!before) throw new Error('the session is gone');
    const history = await readHistory(before);
    expect(history.map(({ outcome }) => outcome)).toEqual(
      Array.from({ length: 19 }, (_, i) => (i === 6 ? 'cancelled' : i === 18 ? 'unfinished' : 'answered')),
    );

    const { thread: _, ...plain } = request;
    const { handle, files } = await resume(plain, crashed, await readLaunchRecord(crashed));
    await handle.ended;
    await files.settled;
    const last = await ask('Question 20?');
    const [begun] = await readAll(last);
    expect(begun).toMatchObject({
      type: 'run.started',
      data: { history: [...history.slice(0, 18), { outcome: 'answered' }] },
    });

    const clock = createRealClock();
    const branch = await forkRun({
      dir: last,
      at: 1,
      runsDir: join(cwd, 'branches'),
      clock,
      team: null,
      cwd,
      session: 'branch',
    });
    expect((await readAll(branch.dir))[0]).toMatchObject({ data: { parent: { seq: 1 }, session: 'branch' } });

    const again = await resume(plain, branch.dir, await readLaunchRecord(branch.dir));
    await again.handle.ended;
    await again.files.settled;
    const branched = reportRun(await readAll(branch.dir));
    const branchPage = exportHtml({ session: null, runs: branched ? [branched] : [] });
    expect(branchPage).toContain(`It branched off the run ${basename(last)} after its event 1.`);
    expect(branchPage).toContain('Question 20?');

    const session = await store.load('long');
    const runs = [];
    for (const { dir } of session?.runs ?? []) runs.push(reportRun(await readAll(dir)));
    const page = exportHtml({ session: null, runs: runs.filter((run) => run !== null) });
    const shown = Array.from(
      page.matchAll(/<pre class="question">(.*?)<\/pre>[\s\S]*?<h3>Final answer<\/h3>\n(.*)/g),
      ([, question, end]) => [question, end?.replaceAll(/<[^>]*>/g, '')],
    );
    expect(shown).toEqual(
      Array.from({ length: 20 }, (_, i) => [
        `Question ${i + 1}?`,
        i === 6 ? 'There is no final answer. The run was cancelled.' : 'The answer of a.',
      ]),
    );
    const notes = Array.from(
      page.matchAll(/<h2>(Turn \d+)<\/h2>|<p class="note">(It [^<]*)<\/p>/g),
      ([, turn, note]) => turn ?? note,
    );
    expect(notes).toEqual([
      ...Array.from({ length: 19 }, (_, i) => `Turn ${i + 1}`),
      'It was cut off in the middle, and taken up again.',
      'Turn 20',
    ]);
  });
});
