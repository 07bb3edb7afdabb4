import type { ActionId } from '../input/keymap.ts';
import { keyRows, modelChoices, MOST_AGENTS, proposeAgents, readyProviders } from '../setup.ts';
import type { SetupAgent, SetupState, SetupStep } from '../setup.ts';
import type { Model } from '../view/model.ts';
import { openPrompt } from '../view/prompt.ts';
import { keyWord } from '../view/key-of.ts';

const STEPS: readonly SetupStep[] = ['keys', 'team', 'save'];

/** What an action changes in the set-up and nowhere else; null if it changes the world, or is no action of it. Pure. */
export function setupAction(model: Model, action: ActionId): Partial<Model> | null {
  const { setup } = model;
  if (!setup || model.view !== 'setup') return null;
  const put = (change: Partial<SetupState>): Partial<Model> => ({ setup: { ...setup, asked: null, ...change } });
  switch (action) {
    case 'setup-next':
    case 'setup-previous':
      return put({ picks: { ...setup.picks, [setup.step]: movedPick(setup, action === 'setup-next' ? 1 : -1) } });
    case 'setup-backward': {
      const before = STEPS[STEPS.indexOf(setup.step) - 1];
      return before ? put({ step: before }) : null;
    }
    case 'setup-place':
      return setup.step === 'keys' ? put({ keyPlace: (setup.keyPlace + 1) % setup.keyPlaces.length }) : {};
    case 'setup-add':
      return setup.step === 'team' ? put(withAgent(setup)) : {};
    case 'setup-remove':
      return setup.step === 'team' && setup.agents.length > 1 ? put(withoutPicked(setup)) : {};
    case 'setup-model-next':
    case 'setup-model-previous':
      return setup.step === 'team' ? put(withNextModel(setup, action === 'setup-model-next' ? 1 : -1)) : {};
    case 'setup-take':
      if (setup.step === 'team') return { prompt: openPrompt('model') };
      return setup.step === 'keys' ? typeKey(model, setup) : null;
    default:
      return null;
  }
}

export function startSetup(base: Pick<SetupState, 'isKeysOnly' | 'keyPlaces' | 'vendors'>): SetupState {
  return {
    ...base,
    step: 'keys',
    locals: null,
    keyPlace: 0,
    picks: { keys: 0, team: 0, save: 0 },
    tests: new Map(),
    agents: proposeAgents(readyProviders({ vendors: base.vendors, locals: null })),
    isTeamOwn: false,
    places: [],
    preview: '',
    asked: null,
    isBusy: false,
  };
}

/** The state with other providers; the team follows as long as the user has not touched it. */
export function withProviders(setup: SetupState, change: Partial<Pick<SetupState, 'vendors' | 'locals'>>): SetupState {
  const next = { ...setup, ...change };
  const row = keyRows(setup)[setup.picks.keys];
  const at = keyRows(next).findIndex(({ type }) => type === row?.type);
  return {
    ...next,
    // The rows change their order, and the user stays with the one that was picked.
    picks: { ...next.picks, keys: setup.picks.keys === 0 && change.locals ? 0 : Math.max(0, at) },
    agents: setup.isTeamOwn ? setup.agents : proposeAgents(readyProviders(next)),
  };
}

/** The picked agent with this model, of this type. */
export function withModel(setup: SetupState, agent: SetupAgent): SetupState {
  const agents = setup.agents.map((other, i) => (i === setup.picks.team ? agent : other));
  return { ...setup, agents, isTeamOwn: true };
}

export function rowCount(setup: SetupState): number {
  if (setup.step === 'keys') return keyRows(setup).length;
  return setup.step === 'team' ? setup.agents.length : setup.places.length;
}

function movedPick(setup: SetupState, step: number): number {
  return Math.max(0, Math.min(rowCount(setup) - 1, setup.picks[setup.step] + step));
}

function typeKey(model: Model, setup: SetupState): Partial<Model> {
  const row = keyRows(setup)[setup.picks.keys];
  if (!row) return {};
  if (row.variable === null) {
    return {
      message: {
        tone: 'info',
        text: `${row.label} needs no key: ${keyWord(model, 'setup-forward')} goes on to the team.`,
      },
    };
  }
  return { prompt: openPrompt('secret') };
}

function withAgent(setup: SetupState): Partial<SetupState> {
  if (setup.agents.length >= MOST_AGENTS) return {};
  const proposed = proposeAgents(readyProviders(setup), setup.agents.length + 1);
  const fresh = proposed.find((one) => !setup.agents.some((a) => a.type === one.type && a.model === one.model));
  const next = fresh ?? setup.agents.at(-1);
  if (!next) return {};
  const agents = [...setup.agents, next];
  return { agents, isTeamOwn: true, picks: { ...setup.picks, team: agents.length - 1 } };
}

function withoutPicked(setup: SetupState): Partial<SetupState> {
  const agents = setup.agents.filter((_, i) => i !== setup.picks.team);
  return { agents, isTeamOwn: true, picks: { ...setup.picks, team: Math.min(setup.picks.team, agents.length - 1) } };
}

function withNextModel(setup: SetupState, step: number): Partial<SetupState> {
  const choices = modelChoices(setup);
  const agent = setup.agents[setup.picks.team];
  if (!agent || choices.length === 0) return {};
  const at = choices.findIndex(({ type, name }) => type === agent.type && name === agent.model);
  const next = choices[(at + step + choices.length) % choices.length];
  return next ? withModel(setup, { type: next.type, model: next.name }) : {};
}
