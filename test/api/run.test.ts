import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { run, type RunEvent } from '../../src/index.ts';
import { foldEvents } from '../../src/coordination/apply.ts';
import { readAll } from '../../src/runlog/read-run-log.ts';
import { createSessionStore } from '../../src/sessions/session-store.ts';
import { startLoopback, type Loopback } from '../support/loopback-server.ts';
import { emptyFolder, oneModel, pair, scriptedConfig, silent } from './scripted-config.ts';

const PUZZLE = 'make 952 from 25 50 75 100 3 6';

async function loopback(script: Parameters<typeof startLoopback>[0]): Promise<Loopback> {
  const server = await startLoopback(script);
  onTestFinished(() => server.close());
  return server;
}

afterEach(() => vi.unstubAllEnvs());

describe('run', () => {
  it('resolves with everything that the run came to', async () => {
    const cwd = await emptyFolder();
    const result = await run('What?', { configObject: pair('Ann is right.'), cwd, env: {}, seed: 7 });
    const { ann, bob } = Object.fromEntries(Object.entries(result.aliasMap).map(([alias, id]) => [id, alias]));
    const reason = result.votes[0]?.reason;
    const vote = { choice: 'ann', label: `${ann}.1`, ranking: [`${ann}.1`], reason, counts: true };
    expect({ ...result, votes: result.votes.toSorted((a, b) => (a.voter < b.voter ? -1 : 1)) }).toEqual({
      outcome: 'answered',
      reason: 'The final answer was presented.',
      exitCode: 0,
      finalAnswer: 'Ann is right.',
      notice: null,
      winner: {
        agent: 'ann',
        label: `${ann}.1`,
        rule: 'copeland',
        reason: expect.stringContaining(`${ann}.1`) as string,
        tie: null,
      },
      votes: [
        { voter: 'ann', ...vote },
        { voter: 'bob', ...vote },
      ],
      answers: expect.arrayContaining([
        { label: `${ann}.1`, agent: 'ann', text: 'Ann is right.', isCurrent: true, isCut: false },
        { label: `${bob}.1`, agent: 'bob', text: 'Something else entirely.', isCurrent: true, isCut: false },
      ]) as unknown[],
      aliasMap: { [ann ?? '']: 'ann', [bob ?? '']: 'bob' },
      failures: [],
      usage: expect.objectContaining({ cachedInput: 0 }) as object,
      costUsd: 0.5,
      isCostComplete: true,
      durationMs: 0,
      seed: 7,
      runId: expect.any(String) as string,
      runDir: join(cwd, '.massgen', 'runs', result.runId),
      sessionId: null,
    });
  });

  it('leaves the files that the command leaves', async () => {
    const runsDir = join(await emptyFolder(), 'deep', 'runs');
    const { runDir } = await run('What?', { configObject: pair('Yes.'), runsDir, env: {} });
    expect(await readFile(join(runDir, 'final', 'answer.txt'), 'utf8')).toBe('Yes.\n');
    expect(JSON.parse(await readFile(join(runDir, 'status.json'), 'utf8'))).toMatchObject({
      meta: { finished: true, outcome: 'answered' },
    });
  });

  it('runs several teams side by side, each on its own', async () => {
    const runsDir = await emptyFolder();
    const server = await loopback([{ text: 'From a model.' }]);
    const told: Record<string, Set<string>> = { a: new Set(), b: new Set(), c: new Set() };
    const listen = (name: string) => (event: RunEvent) => void told[name]?.add(event.run);
    const results = await Promise.all([
      run('A?', { configObject: pair('Answer A'), runsDir, env: {}, onEvent: listen('a') }),
      run(PUZZLE, { demo: true, runsDir, env: {}, onEvent: listen('b') }),
      run('C?', { configObject: oneModel(server.url), runsDir, env: {}, onEvent: listen('c') }),
    ]);
    const [a, b, c] = results;
    expect([a.finalAnswer, b.finalAnswer?.includes('952'), c.finalAnswer]).toEqual(['Answer A', true, 'From a model.']);
    expect([a, b, c].map(({ aliasMap }) => Object.values(aliasMap).toSorted())).toEqual([
      ['ann', 'bob'],
      ['backward', 'exhaustive', 'greedy'],
      ['solo'],
    ]);
    expect(Object.values(told).map((runs) => [...runs])).toEqual(results.map(({ runId }) => [runId]));
    expect((await readdir(runsDir)).toSorted()).toEqual(results.map(({ runId }) => runId).toSorted());
  });

  it('prints nothing and leaves signals, exit code, folder and variables alone', async () => {
    const writes = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')];
    const counted = ['SIGINT', 'SIGTERM', 'SIGHUP', 'exit', 'uncaughtException', 'unhandledRejection'];
    const facts = (): unknown => [
      counted.map((name) => process.listenerCount(name)),
      process.exitCode,
      process.cwd(),
      { ...process.env },
    ];
    const before = facts();
    const during: unknown[] = [];
    const onEvent = (): void => void during.push(facts());
    await run('What?', { configObject: pair('Yes.'), runsDir: await emptyFolder(), onEvent });
    const printed = writes.map((write) => write.mock.calls.length);
    writes.forEach((write) => write.mockRestore());
    expect(printed).toEqual([0, 0]);
    expect(during.filter((seen) => JSON.stringify(seen) !== JSON.stringify(before))).toEqual([]);
    expect([during.length > 10, facts()]).toEqual([true, before]);
  });

  it('gives the same run for the same seed', async () => {
    const options = { configObject: pair('Yes.'), runsDir: await emptyFolder(), env: {}, seed: 11 };
    const [first, second] = await Promise.all([run('What?', options), run('What?', options)]);
    expect([second.seed, second.aliasMap, second.answers]).toEqual([11, first.aliasMap, first.answers]);
  });

  it('takes the seed of the config where none is given', async () => {
    const configObject = { ...pair('Yes.'), seed: 23 };
    expect((await run('What?', { configObject, runsDir: await emptyFolder(), env: {} })).seed).toBe(23);
  });

  it('tells of a failed run in its result, and does not reject', async () => {
    const configObject = scriptedConfig({ ann: [{ fail: { kind: 'auth', message: 'No such key.', status: 401 } }] });
    const result = await run('What?', { configObject, runsDir: await emptyFolder(), env: {} });
    expect([result.outcome, result.exitCode, result.finalAnswer, result.winner, result.failures]).toEqual([
      'failed',
      2,
      null,
      null,
      [{ agent: 'ann', kind: 'auth', message: 'No such key.' }],
    ]);
  });

  it('lets settings win over the config', async () => {
    const options = { configObject: pair('Yes.'), runsDir: await emptyFolder(), env: {} };
    const { winner } = await run('What?', { ...options, settings: { votingRule: 'borda' } });
    expect(winner?.rule).toBe('borda');
  });
});

describe('what the model is told', () => {
  it('is the question alone, where there is nothing else', async () => {
    const server = await loopback([{ text: 'Hello.' }]);
    await run('  Hi?  ', { configObject: oneModel(server.url), runsDir: await emptyFolder(), env: {} });
    expect(server.requests.map(({ body }) => body['messages'])).toEqual([[{ role: 'user', content: 'Hi?' }]]);
  });

  it("is the agent's system message with the run's after it, and the turns before the question", async () => {
    const server = await loopback([{ text: 'Hello.' }]);
    const configObject = oneModel(server.url);
    const [agent] = configObject.agents ?? [];
    if (agent) agent.system_message = 'You are terse.';
    const { runDir } = await run('And now?', {
      configObject,
      runsDir: await emptyFolder(),
      env: {},
      systemMessage: 'Answer in French.',
      history: [
        { question: 'First?', answer: 'One.' },
        { question: 'Second?', answer: null },
      ],
    });
    const messages = server.requests[0]?.body['messages'] as { role: string; content: string }[];
    expect(messages[0]).toEqual({ role: 'system', content: 'You are terse.\n\nAnswer in French.' });
    const { question, history } = foldEvents(await readAll(runDir)) ?? {};
    expect({ question, history }).toEqual({
      question: 'And now?',
      history: [
        { question: 'First?', answer: 'One.', outcome: 'answered' },
        { question: 'Second?', answer: null, outcome: 'unfinished' },
      ],
    });
    const told = JSON.stringify(messages);
    const places = ['First?', 'One.', 'Second?', 'And now?'].map((text) => told.indexOf(text));
    expect([places.every((place) => place > 0), places]).toEqual([true, places.toSorted((a, b) => a - b)]);
  });
});

describe('a session', () => {
  it('tells the next run what was said in it, and is known to the command', async () => {
    const cwd = await emptyFolder();
    const server = await loopback([{ text: 'Paris.' }, { text: 'Rome.' }]);
    const options = { configObject: oneModel(server.url), cwd, env: { HOME: cwd } };
    const first = await run('Capital of France?', { ...options, session: true });
    const second = await run('Of Italy?', { ...options, session: first.sessionId ?? '' });
    const told = JSON.stringify(server.requests[1]?.body['messages']);
    expect([second.finalAnswer, second.sessionId]).toEqual(['Rome.', first.sessionId]);
    expect(['Capital of France?', 'Paris.', 'Of Italy?'].filter((text) => !told.includes(text))).toEqual([]);
    const session = await createSessionStore(join(cwd, '.massgen')).load(first.sessionId ?? '');
    expect(session?.runs.map(({ dir }) => dir)).toEqual([first.runDir, second.runDir]);
  });

  it('is not begun by a run that does not ask for one', async () => {
    const cwd = await emptyFolder();
    const { sessionId } = await run('What?', { configObject: pair('Yes.'), cwd, env: { HOME: cwd } });
    expect([sessionId, await readdir(join(cwd, '.massgen'))]).toEqual([null, ['runs']]);
  });
});

describe('keys and variables', () => {
  const configObject = (url: string): ReturnType<typeof oneModel> => oneModel(url, { api_key_env: 'API_TEST_KEY' });
  const sent = (server: Loopback): unknown => server.requests.map(({ headers }) => headers['authorization']);

  it('come from env alone when it is given', async () => {
    vi.stubEnv('API_TEST_KEY', 'of-the-process');
    const server = await loopback([{ text: 'Hello.' }]);
    const cwd = await emptyFolder();
    await writeFile(join(cwd, '.env'), 'API_TEST_KEY=of-the-file\n');
    const env = { API_TEST_KEY: 'given-by-the-program' };
    await run('Hi?', { configObject: configObject(server.url), cwd, env });
    expect(sent(server)).toEqual(['Bearer given-by-the-program']);
    await expect(run('Hi?', { configObject: configObject(server.url), cwd, env: {} })).rejects.toMatchObject({
      code: 'cannot-start',
    });
  });

  it("come from the process and the folder's .env when it is not", async () => {
    const server = await loopback([{ text: 'Hello.' }]);
    const cwd = await emptyFolder();
    await writeFile(join(cwd, '.env'), 'API_TEST_KEY=of-the-file-0123\n');
    await run('Hi?', { configObject: configObject(server.url), cwd });
    vi.stubEnv('API_TEST_KEY', 'of-the-process-0123');
    await run('Hi?', { configObject: configObject(server.url), cwd });
    expect(sent(server)).toEqual(['Bearer of-the-file-0123', 'Bearer of-the-process-0123']);
    expect(process.env['API_TEST_KEY']).toBe('of-the-process-0123');
  });

  it('never come out again: not in events, result, errors or files', async () => {
    const secret = 'planted-secret-0123456789';
    const server = await loopback([{ text: `The key is ${secret}, I was told.` }]);
    const cwd = await emptyFolder();
    const events: RunEvent[] = [];
    const env = { API_TEST_KEY: secret };
    const onEvent = (event: RunEvent): void => void events.push(event);
    const result = await run('Hi?', { configObject: configObject(server.url), cwd, env, onEvent });
    const entries = await readdir(result.runDir, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
    expect(result.finalAnswer).toBe('The key is [redacted], I was told.');
    expect([JSON.stringify(events), JSON.stringify(result), ...texts].filter((text) => text.includes(secret))).toEqual(
      [],
    );
    const broken = { agents: [{ id: 'a', backend: { type: 'nonsense', api_key: secret } }] };
    const error: unknown = await run('Hi?', { configObject: broken, cwd, env: {} }).catch((thrown: unknown) => thrown);
    expect([error instanceof Error, String(error).includes(secret)]).toEqual([true, false]);
  });
});

describe('cancelling by signal', () => {
  it('ends the run as cancelled and keeps its log', async () => {
    const stop = new AbortController();
    const onEvent = (event: RunEvent): void => {
      if (event.type === 'text.appended') stop.abort();
    };
    const result = await run('What?', {
      configObject: silent(),
      runsDir: await emptyFolder(),
      env: {},
      signal: stop.signal,
      onEvent,
    });
    expect([result.outcome, result.exitCode, result.finalAnswer]).toEqual(['cancelled', 4, null]);
    const types = (await readAll(result.runDir)).map(({ type }) => type);
    expect([types.includes('run.cancelled'), types.at(-1)]).toEqual([true, 'run.finished']);
  });

  it('starts nothing when it was aborted before', async () => {
    const runsDir = await emptyFolder();
    const asked = run('What?', { configObject: pair('Yes.'), runsDir, env: {}, signal: AbortSignal.abort() });
    await expect(asked).rejects.toMatchObject({ code: 'cancelled', exitCode: 4 });
    expect(await readdir(runsDir)).toEqual([]);
  });

  it('is all that interests, even if something else is wrong as well', async () => {
    const asked = run('', { config: 'nowhere.yaml', env: {}, signal: AbortSignal.abort() });
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('listens to the signal no longer than the run lasts', async () => {
    const { signal } = new AbortController();
    const remove = vi.spyOn(signal, 'removeEventListener');
    const add = vi.spyOn(signal, 'addEventListener');
    await run('What?', { configObject: pair('Yes.'), runsDir: await emptyFolder(), env: {}, signal });
    expect(remove.mock.calls.map(([, listener]) => listener)).toEqual(add.mock.calls.map(([, listener]) => listener));
  });
});

describe('a listener with a bug', () => {
  it('stops its run, whose log stays whole, and gets its error back', async () => {
    const runsDir = await emptyFolder();
    const bug = new Error('a bug of the program');
    const onEvent = (event: RunEvent): void => {
      if (event.type === 'text.appended') throw bug;
    };
    await expect(run('What?', { configObject: silent(), runsDir, env: {}, onEvent })).rejects.toBe(bug);
    const [name = ''] = await readdir(runsDir);
    expect((await readAll(join(runsDir, name))).at(-1)?.data).toMatchObject({ outcome: 'cancelled' });
  });
});

describe('what cannot be run', () => {
  it.each<[string, string, Parameters<typeof run>[1], string]>([
    ['an empty question', '  ', { demo: true }, 'no-question'],
    ['two teams', 'Hi?', { demo: true, model: 'gpt-5' }, 'usage'],
    ['a config that is not there', 'Hi?', { config: 'nowhere.yaml' }, 'config-not-found'],
    ['a config with errors', 'Hi?', { configObject: { agents: [] } }, 'invalid-config'],
    ['a model without its key', 'Hi?', { model: 'gpt-5' }, 'cannot-start'],
    ['a question that is no puzzle', 'Hi?', { demo: true }, 'no-puzzle'],
    ['a config and a backend', 'Hi?', { config: 'team.yaml', backend: 'openai' }, 'usage'],
    ['the built-in team at an address', PUZZLE, { demo: true, baseUrl: 'http://127.0.0.1:1/v1' }, 'usage'],
    ['a speed of nought', PUZZLE, { demo: true, speed: 0 }, 'usage'],
    ['no team at all', 'Hi?', {}, 'no-team'],
    ['a rule that there is not', PUZZLE, { demo: true, settings: { votingRule: 'bordo' as 'borda' } }, 'usage'],
    ['a session and a history', PUZZLE, { demo: true, session: true, history: [] }, 'usage'],
    ['a session with a bad id', PUZZLE, { demo: true, session: '../elsewhere' }, 'session-id'],
  ])('%s', async (_, query, options, code) => {
    const cwd = await emptyFolder();
    await expect(run(query, { ...options, cwd, env: { HOME: cwd } })).rejects.toMatchObject({
      name: 'MassgenError',
      code,
    });
    expect(await readdir(cwd)).toEqual([]);
  });

  it('makes no folder that is not there', async () => {
    const cwd = join(await emptyFolder(), 'elsewhere');
    await expect(run(PUZZLE, { demo: true, cwd, env: {} })).rejects.toMatchObject({
      code: 'no-folder',
      message: `cwd: there is no folder ${cwd}.`,
    });
    expect(existsSync(cwd)).toBe(false);
  });

  it('says for a config object that is no data what it must be', async () => {
    const circular: Record<string, unknown> = {};
    circular['itself'] = circular;
    await expect(run('Hi?', { configObject: circular, env: {} })).rejects.toMatchObject({ code: 'invalid-config' });
  });
});

describe('where a team comes from', () => {
  const file = (text: string): string => `
agents:
  - id: ann
    backend: { type: scripted, script: script.yaml }
# ${text}
`;
  const script = 'turns: [{ text: From the file. }]';

  it('may be a file, with paths in it from its own folder', async () => {
    const cwd = await emptyFolder();
    await mkdir(join(cwd, 'teams'));
    await writeFile(join(cwd, 'teams', 'team.yaml'), file('named'));
    await writeFile(join(cwd, 'teams', 'script.yaml'), script);
    expect((await run('Hi?', { config: 'teams/team.yaml', cwd, env: {} })).finalAnswer).toBe('From the file.');
  });

  it('is the default config when nothing is named', async () => {
    const cwd = await emptyFolder();
    await mkdir(join(cwd, '.massgen'));
    await writeFile(join(cwd, '.massgen', 'config.yaml'), file('default'));
    await writeFile(join(cwd, '.massgen', 'script.yaml'), script);
    expect((await run('Hi?', { cwd, env: {} })).finalAnswer).toBe('From the file.');
  });

  it.each<[string, (baseUrl: string) => Parameters<typeof run>[1], string[]]>([
    ['one model', (baseUrl) => ({ model: 'a-model', baseUrl }), ['a-model']],
    ['several models', (baseUrl) => ({ models: ['a', 'b'], baseUrl }), ['a', 'b']],
    ['a number of one model', (baseUrl) => ({ model: 'a', agents: 2, baseUrl }), ['a', 'a']],
    ['one backend', (baseUrl) => ({ backend: 'groq', baseUrl, env: { GROQ_API_KEY: 'k' } }), ['openai/gpt-oss-120b']],
    ['agents one by one', (baseUrl) => ({ agents: [{ model: 'a', baseUrl }] }), ['a']],
  ])('may be %s', async (_, source, models) => {
    const server = await loopback(() => ({ text: 'Hello.' }));
    const started: string[][] = [];
    const onEvent = (event: RunEvent): void => {
      if (event.type === 'run.started') started.push(event.data.agents.map(({ model }) => model));
    };
    const options = { runsDir: await emptyFolder(), env: {}, onEvent };
    const { finalAnswer } = await run('Hi?', { ...options, ...source(`${server.url}/v1`) });
    expect([started, finalAnswer]).toEqual([[models], 'Hello.']);
  });
});
