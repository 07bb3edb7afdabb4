import { describe, expect, it } from 'vitest';
import { App } from '../../src/tui/app/app.ts';
import { createModel } from '../../src/tui/app/model.ts';
import type { SetupPort, SetupProvider } from '../../src/tui/setup.ts';
import { frameText } from '../../src/tui/view/paint.ts';
import { buildFrame } from '../../src/tui/view/screen.ts';
import { agentInfos, scriptedRun } from '../screens/scripted-events.ts';
import { scriptedHandle } from '../screens/scripted-handle.ts';
import { createFakeClock } from './fake-clock.ts';

const VENDORS: SetupProvider[] = ['openai', 'claude'].map((type) => ({
  type,
  label: type === 'openai' ? 'OpenAI' : 'Anthropic',
  kind: 'vendor',
  variable: `${type.toUpperCase()}_KEY`,
  source: null,
  address: null,
  models: [1, 2].map((n) => ({ name: `${type}-${n}`, prices: { input: n, output: 4 * n } })),
}));

const OLLAMA: SetupProvider = {
  type: 'ollama',
  label: 'Ollama',
  kind: 'local',
  variable: null,
  source: null,
  address: 'http://localhost:11434/v1',
  models: [{ name: 'qwen3', prices: { input: 0, output: 0 } }],
};

interface World {
  app: App;
  log: string[];
  asked: string[];
  keys: (...keys: string[]) => Promise<void>;
  type: (text: string) => Promise<void>;
  text: () => string;
}

interface Setup {
  locals?: SetupProvider[];
  taken?: string[];
  isKeysOnly?: boolean;
  question?: string;
  /** Keys are saved only then. */
  saves?: Promise<void>;
}

async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

async function world({ locals = [], taken = [], isKeysOnly = false, question, saves }: Setup = {}): Promise<World> {
  const clock = createFakeClock();
  const log: string[] = [];
  const asked: string[] = [];
  const known = new Map<string, string>();
  const team = { name: 'my team', agents: agentInfos(2) };
  const setup: SetupPort = {
    isKeysOnly,
    keyPlaces: ['~/.massgen/.env', './.env'].map((path) => ({ label: 'here', shown: path, path, isTaken: false })),
    vendors: () =>
      Promise.resolve(VENDORS.map((one) => ({ ...one, source: known.get(one.variable ?? '') ?? one.source }))),
    locals: () => Promise.resolve(locals),
    saveKey: async (variable, key, path) => {
      await saves;
      log.push(`key ${variable} ${key} ${path}`);
      known.set(variable, path);
      return null;
    },
    test: ({ type, model }) => Promise.resolve({ tone: 'ok', text: `${type} ${model} answers` }),
    places: () =>
      Promise.resolve(
        ['a.yaml', 'b.yaml'].map((path) => ({ label: 'here', shown: path, path, isTaken: taken.includes(path) })),
      ),
    compose: (agents) => agents.map(({ type, model }) => `- ${type} ${model}`).join('\n'),
    save: (agents, path, mayReplace) => {
      log.push(`save ${path} ${mayReplace} ${agents.map(({ model }) => model).join(' ')}`);
      return Promise.resolve(team);
    },
    demo: () => Promise.resolve({ ...team, name: 'demo team' }),
  };
  const model = createModel({
    cols: 100,
    rows: 24,
    now: clock.now(),
    ascii: false,
    team: null,
    teams: [],
    isSetup: true,
  });
  const app = new App(
    model,
    {
      clock,
      requestFrame: () => undefined,
      start: (text) => {
        asked.push(text);
        return Promise.resolve(scriptedHandle(scriptedRun({ agents: 2 }), clock, Infinity));
      },
      toggleTheme: () => undefined,
      redraw: () => undefined,
      setup: () => Promise.resolve(setup),
      suspend: () => undefined,
      leave: (reason) => log.push(`leave ${reason}`),
    },
    question ?? null,
  );
  app.begin();
  await settle();
  return {
    app,
    log,
    asked,
    keys: async (...keys) => {
      for (const key of keys) {
        app.handle({ kind: 'key', key, text: key.length === 1 ? key : '' });
        await settle();
      }
    },
    type: async (text) => {
      for (const key of text) app.handle({ kind: 'key', key, text: key });
      await settle();
    },
    text: () => frameText(buildFrame(app.model)).join('\n'),
  };
}

describe('the set-up', () => {
  it('goes from nothing to the first question', async () => {
    const { app, log, asked, keys, type } = await world();
    await keys('enter');
    await type('sk-1');
    await keys('enter', 'tab', 'tab', 'enter');
    await type('Why?');
    await keys('enter');
    expect([log, asked, app.model.view]).toEqual([
      ['key OPENAI_KEY sk-1 ~/.massgen/.env', 'save a.yaml false openai-1 openai-2'],
      ['Why?'],
      expect.stringMatching(/panes|final/),
    ]);
  });

  it('says what it looks for while nothing is known yet', () => {
    const model = createModel({ cols: 80, rows: 24, now: 0, ascii: false, team: null, teams: [], isSetup: true });
    const rows = frameText(buildFrame(model));
    expect([rows[2]?.trim(), rows.at(-1)?.trim()]).toEqual([
      'looking for keys',
      expect.stringMatching(/^q quit +\? help$/),
    ]);
  });

  it('offers no key to a server of this machine, which needs none', async () => {
    const { keys, text } = await world({ locals: [OLLAMA] });
    const onServer = text().includes('type or paste the key');
    await keys('j');
    expect([onServer, text().includes('type or paste the key')]).toEqual([false, true]);
  });

  it('sends the question that the command brought, once there is a team', async () => {
    const { asked, keys } = await world({ locals: [OLLAMA], question: 'Why?' });
    await keys('tab', 'tab', 'enter');
    expect(asked).toEqual(['Why?']);
  });

  it('keeps what is tested while a key is saved', async () => {
    const saves = Promise.withResolvers<void>();
    const { app, keys, type } = await world({ locals: [OLLAMA], saves: saves.promise });
    await keys('j', 'enter');
    await type('sk-1');
    await keys('enter', 'k', 't');
    saves.resolve();
    await settle();
    expect(app.model.setup?.tests.get('ollama')?.text).toBe('ollama qwen3 answers');
  });

  it('never shows a key, and keeps it in no field', async () => {
    const { app, keys, type, text } = await world();
    await keys('enter');
    await type('sk-secret');
    const typed = text();
    await keys('enter');
    expect([
      typed.includes('sk-secret'),
      typed.includes('key, hidden: *********'),
      text().includes('sk-secret'),
      JSON.stringify(app.model).includes('sk-secret'),
    ]).toEqual([false, true, false, false]);
  });

  it('takes a key that is pasted', async () => {
    const { app, log, keys } = await world();
    await keys('p', 'enter');
    app.handle({ kind: 'paste', text: ' sk-2\n' });
    await keys('enter');
    expect(log).toEqual(['key OPENAI_KEY sk-2 ./.env']);
  });

  it('does not go on while nobody can answer', async () => {
    const { app, keys, text } = await world();
    await keys('tab');
    expect([app.model.setup?.step, text().includes('Nobody can answer yet')]).toEqual(['keys', true]);
  });

  it('puts servers of this machine first when they answer, and tests one', async () => {
    const { keys, text } = await world({ locals: [OLLAMA] });
    const before = text().split('\n')[2];
    await keys('t');
    expect([before?.includes('Ollama'), text().includes('ollama qwen3 answers')]).toEqual([true, true]);
  });

  it('asks before it replaces a file, and moving on takes the question back', async () => {
    const { log, keys, text } = await world({ locals: [OLLAMA], taken: ['a.yaml'] });
    await keys('tab', 'tab', 'enter');
    const asked = text().includes('Enter again replaces a.yaml');
    await keys('j', 'k', 'enter');
    const again = [...log];
    await keys('enter');
    expect([asked, again, log]).toEqual([true, [], ['save a.yaml true qwen3']]);
  });

  it('changes the size and the models of the team', async () => {
    const { app, keys, type } = await world({ locals: [OLLAMA] });
    await keys('enter', 'j', 'enter');
    await type('k');
    await keys('enter', 'tab');
    const proposed = app.model.setup?.agents.map(({ model }) => model);
    await keys('-', 'right', '+');
    expect([proposed, app.model.setup?.agents.map(({ model }) => model)]).toEqual([
      ['openai-1', 'qwen3', 'openai-2'],
      ['openai-1', 'openai-2', 'qwen3'],
    ]);
  });

  it('takes a name of a model that no list has', async () => {
    const { app, keys, type } = await world({ locals: [OLLAMA] });
    await keys('tab', 'enter');
    await type('my-own');
    await keys('enter');
    expect(app.model.setup?.agents).toEqual([{ type: 'ollama', model: 'my-own' }]);
  });

  it('shows the built-in team to somebody without keys', async () => {
    const { app, keys } = await world();
    await keys('d');
    expect([app.model.team?.name, app.model.view, app.model.isEditing]).toEqual(['demo team', 'home', true]);
  });

  it('goes back step by step, and out', async () => {
    const { log, app, keys } = await world({ locals: [OLLAMA] });
    await keys('tab', 'tab', 'escape', 'escape');
    const { step } = app.model.setup ?? {};
    await keys('escape');
    expect([step, log]).toEqual(['keys', ['leave quit']]);
  });

  it('ends after the keys where only they were asked for', async () => {
    const { log, keys } = await world({ isKeysOnly: true });
    await keys('tab');
    expect(log).toEqual(['leave quit']);
  });
});
