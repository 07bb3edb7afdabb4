import { startSetup } from '../../src/tui/app/setup-action.ts';
import type { SessionChoice } from '../../src/tui/sessions.ts';
import type { SetupProvider, SetupState } from '../../src/tui/setup.ts';
import type { Model } from '../../src/tui/view/model.ts';
import { openPrompt } from '../../src/tui/view/prompt.ts';
import { agentInfos, scriptedRun } from '../screens/scripted-events.ts';
import { modelOf } from './models.ts';

const VENDORS: SetupProvider[] = ['openai OpenAI', 'claude Anthropic', 'gemini Google', 'grok xAI'].map((pair, i) => {
  const [type = '', label = ''] = pair.split(' ');
  return {
    type,
    label,
    kind: 'vendor',
    variable: `${type.toUpperCase()}_API_KEY`,
    source: i === 0 ? 'the shell' : i === 1 ? '~/.massgen/.env' : null,
    address: null,
    models: [1, 2].map((n) => ({ name: `${type}-large-${n}`, prices: n === 2 ? null : { input: 1.5, output: 9 } })),
  };
});

const OLLAMA: SetupProvider = {
  type: 'ollama',
  label: 'Ollama',
  kind: 'local',
  variable: null,
  source: null,
  address: 'http://localhost:11434/v1',
  models: [{ name: 'qwen3:8b', prices: { input: 0, output: 0 } }],
};

const BASE: SetupState = {
  ...startSetup({
    isKeysOnly: false,
    vendors: VENDORS,
    keyPlaces: [
      { label: 'for every folder', shown: '~/.massgen/.env', path: '/home/me/.massgen/.env', isTaken: false },
    ],
  }),
  locals: [OLLAMA],
  agents: [
    { type: 'openai', model: 'openai-large-1' },
    { type: 'claude', model: 'claude-large-2' },
    { type: 'ollama', model: 'qwen3:8b' },
  ],
  tests: new Map([
    ['openai', { tone: 'err', text: 'openai openai-large-1: The key was refused (401): check OPENAI_API_KEY.' }],
  ]),
};

function setup(change: Partial<SetupState>, more: Partial<Model> = {}): Model {
  return modelOf([], { view: 'setup', team: null, isEditing: false, setup: { ...BASE, ...change }, ...more });
}

/** What agents had by the time a run was cancelled. */
const LEFT = [
  { title: 'claude, votes for gpt', text: 'A test for each of them.', isUnfinished: false },
  { title: 'gpt, judge', text: 'The second one is', isUnfinished: true },
];

function session(id: string, questions: string[], more: Partial<SessionChoice> = {}): SessionChoice {
  const turns = questions.map((question, i) => ({
    dir: `/runs/${id}-${i}`,
    when: `2026-11-2${i} 18:21`,
    question,
    answer: i === 1 ? null : `## Answer\n\nThe race is **fixed** by one lock.\n\n1. one\n2. two\n3. three\n4. four\n`,
    left: i === 1 ? LEFT : [],
    outcome: i === 1 ? 'cancelled' : 'answered',
    cost: { usd: 0.25, isComplete: i !== 2 },
  }));
  const base = { id, name: null, when: '2026-11-22 18:21', cwd: '/code/project', isHere: true, isCurrent: false };
  return { ...base, parent: null, turns, ...more };
}

const SESSIONS = [
  session('session-1', ['Fix the token refresh race', 'And the tests? '.repeat(12), '日本語で説明して'], {
    isCurrent: true,
  }),
  session('session-2', ['What is a monad?'], { name: 'functional talk', parent: 'session-0' }),
  session('session-3', ['Elsewhere'], { isHere: false, cwd: '/somewhere/else' }),
];
const LIST = { list: SESSIONS, pick: null, top: 0, filter: '', asked: null };

/** The screens of the first run, of choosing, and of what was before. */
export const FIRST_RUN_CASES: [name: string, make: () => Model][] = [
  ['setup-keys', () => setup({})],
  ['setup-secret', () => setup({ locals: null }, { prompt: openPrompt('secret', 'sk-secret') })],
  ['setup-team', () => setup({ step: 'team' })],
  ['setup-models', () => setup({ step: 'team' }, { prompt: openPrompt('model', 'large') })],
  [
    'setup-save',
    () =>
      setup({
        step: 'save',
        places: [
          { label: 'for this folder', shown: './.massgen/config.yaml', path: '/p/.massgen/config.yaml', isTaken: true },
          { label: 'for every folder', shown: '~/.config/massgen/config.yaml', path: '/h/c.yaml', isTaken: false },
        ],
        preview:
          '# Keys it needs: OPENAI_API_KEY. No key stands in here: they are looked for in the shell, ./.env, ~/.massgen/.env, in this order.\nagents:\n  - id: openai\n    backend:\n      type: openai # OpenAI\n      model: openai-large-1\n',
      }),
  ],
  [
    'picker-details',
    () =>
      modelOf([], {
        view: 'picker',
        team: null,
        isEditing: false,
        teamFilter: 'x',
        teams: [
          {
            name: 'extended review',
            description: '/code/project/extended-review.yaml',
            origin: 'this folder',
            agents: agentInfos(3).map((agent) => ({ ...agent, tools: ['web search', 'files', 'mcp weather'] })),
            trouble: 'Cannot start the team, one problem:\nNo API key for xAI: XAI_API_KEY is not set.',
            missing: [{ variables: ['XAI_API_KEY'], agents: ['grok'] }],
            settings: ['votes are counted by copeland; judges are balanced'],
            select: () => Promise.reject(new Error('not here')),
          },
        ],
      }),
  ],
  ['sessions', () => modelOf(scriptedRun({ agents: 3 }), { view: 'sessions', sessions: LIST })],
  [
    'session-delete',
    () =>
      modelOf(scriptedRun({ agents: 3 }), {
        view: 'sessions',
        sessions: { ...LIST, pick: 1, asked: { id: 'session-2', title: 'functional talk', logs: 1 } },
      }),
  ],
  [
    'turns',
    () => {
      const [first] = SESSIONS;
      const turns = first ? { session: first, pick: null, top: 0, from: null } : null;
      return modelOf(scriptedRun({ agents: 3 }), { view: 'turns', turns });
    },
  ],
  ['inspect', () => modelOf(scriptedRun({ agents: 4 }), { view: 'inspect' })],
];
