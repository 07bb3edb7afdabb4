import { Run } from './run.ts';
import type { RunOptions } from './run-options.ts';
import type { AgentInfo, Alias, EventData, PreparedText, InputFile, RunEvent } from '../events/event.ts';
import type { PersonaSettings } from '../events/settings.ts';
import { seededRandom } from '../events/random.ts';
import type { RunHandle } from '../events/run-handle.ts';
import type { AgentSpec } from '../config/team.ts';

export interface StartOptions extends Omit<RunOptions, 'agents'> {
  question: string;
  agents: AgentSpec[];
  /** Name of the team, for people. */
  team: string;
  /** Version of the program, recorded in the log. */
  version: string;
  /** Files that go along with the question. */
  inputs?: InputFile[];
  /** What the run goes on from, if anything. */
  past?: RunPast;
}

/** The session that a run belongs to, what was said in it, and the run that it branched off. */
export type RunPast = Pick<EventData['run.started'], 'history' | 'session' | 'earlierFiles' | 'parent'> & {
  /** Points of view that an earlier run of the session had, by the ids of its agents, and what they were asked for with. */
  personas?: EarlierPersonas;
};

export interface EarlierPersonas {
  settings: PersonaSettings;
  texts: Readonly<Record<string, string>>;
}

/** Begins a run on a new, empty log and returns at once; everything else is told by the handle. */
export function startRun(options: StartOptions): RunHandle {
  const { question, team, settings, seed, version } = options;
  const aliases = seededRandom(`${seed}/aliases`).shuffle(options.agents.map((_, index) => `agent${index + 1}`));
  const infos = options.agents.map(({ id, backend, limits, subtask }, index): AgentInfo => ({
    alias: aliases[index] ?? id,
    id,
    type: backend.type,
    model: backend.model,
    isModel: backend.protocol !== 'demo' && backend.protocol !== 'scripted',
    ...(limits && { limits }),
    ...(subtask && { subtask: withAliases(subtask, options.agents, aliases) }),
  }));
  const agents = new Map(options.agents.map((spec, index) => [aliases[index] ?? spec.id, spec]));
  const run = new Run({ ...options, agents });
  const { personas: earlier, ...past } = options.past ?? {};
  const kept = keptPersonas(settings.personas, earlier, infos);
  const inputs = options.inputs && options.inputs.length > 0 ? { inputs: options.inputs } : {};
  run.begin({ question, team, agents: infos, settings, seed, version, ...inputs, ...past, ...kept });
  return run;
}

/** What agents keep from an earlier run, where the config wants that and nothing that it depends on has changed. */
function keptPersonas(
  wanted: PersonaSettings | null,
  earlier: EarlierPersonas | undefined,
  infos: readonly AgentInfo[],
): Pick<EventData['run.started'], 'personas'> {
  if (!wanted?.persists || !earlier || !isSameRequest(wanted, earlier.settings)) return {};
  const texts = infos.flatMap(({ alias, id }): [Alias, PreparedText][] => {
    const text = earlier.texts[id];
    return text === undefined ? [] : [[alias, { text, dependsOn: [] }]];
  });
  return texts.length === infos.length ? { personas: Object.fromEntries(texts) } : {};
}

function isSameRequest(a: PersonaSettings, b: PersonaSettings): boolean {
  return a.strategy === b.strategy && a.diversity === b.diversity && a.guidelines === b.guidelines;
}

/** Names of agents in the config are no names in a run. */
function withAliases(part: PreparedText, agents: readonly AgentSpec[], aliases: readonly Alias[]): PreparedText {
  const dependsOn = part.dependsOn.flatMap((id) => aliases[agents.findIndex((agent) => agent.id === id)] ?? []);
  return { ...part, dependsOn };
}

/**
 * Goes on with a run whose log was adopted, from what the log holds. The agents are matched by their ids; an agent of
 * the run that the team lacks fails.
 */
export function resumeRun(
  options: Omit<RunOptions, 'agents' | 'seed' | 'settings'> & { agents: AgentSpec[] },
  events: readonly RunEvent[],
): RunHandle {
  const [first] = events;
  if (first?.type !== 'run.started') throw new Error('a log begins with run.started');
  const { seed, settings, agents: infos } = first.data;
  const specs = new Map(options.agents.map((spec) => [spec.id, spec]));
  const agents = new Map(
    infos.flatMap(({ alias, id }): [Alias, AgentSpec][] => {
      const spec = specs.get(id);
      return spec ? [[alias, spec]] : [];
    }),
  );
  const run = new Run({ ...options, seed, settings, agents });
  run.resume(events);
  return run;
}
