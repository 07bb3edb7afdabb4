import * as z from 'zod';
import { backend } from './backend.ts';
import { memory } from './memory.ts';
import { anyMap, atLeastOne, flag, key, opt, planned, positive, strictness, text, texts } from './key.ts';
import { agentHooks, hooks } from './hooks.ts';
import { permissions } from './permissions.ts';
import { orchestrator, timeoutSettings } from './orchestrator.ts';
import { rateLimits } from './rate-limits.ts';

/** What a run or one agent may use. */
const limits = z.object({
  usd: opt(positive, 'Money in US dollars, as far as prices are known.'),
  tokens: opt(atLeastOne, 'Tokens, input and output together.'),
  seconds: opt(positive, 'Time: of a run from its beginning, of an agent in its turns.'),
  tool_calls: opt(atLeastOne, 'Tool calls; further ones are refused and the agents finish with what they have.'),
});

const agent = z.object({
  id: key(
    z.union([text.min(1), z.number().transform(String)]),
    'Name of the agent, unique in the file. A number is taken as text.',
  ),
  backend: key(backend, 'The model behind the agent.'),
  system_message: opt(text, 'What the agent is told before everything else.'),
  memory: planned(memory, 'Memory of this agent, merged over the file’s.'),
  limits: opt(limits, 'What the agent may use; then it is out, and what it has handed in stays.'),
  permissions: opt(permissions, 'What this agent may do; its rules come on top of the file’s, its other keys instead.'),
  hooks: opt(
    agentHooks,
    'Programs that are asked, or told, when something happens to this agent, after those of `hooks`; all its keys but `run_end`.',
  ),
  voting_sensitivity: opt(
    strictness,
    'How demanding this agent is when it judges; as `orchestrator` says if left out.',
  ),
  append_system_prompt: opt(text, 'Has no effect; `system_message` is the key.', 'inert'),
  subtask: opt(
    text.min(1),
    'The agent’s part of the work, with `coordination_mode: decomposition`; without any, the model of the first agent divides it.',
  ),
  depends_on: opt(texts, 'Ids of the agents whose parts this one builds on; it begins once they are handed in.'),
});

const DISPLAYS = z.enum(['rich_terminal', 'textual_terminal', 'terminal', 'simple', 'silent']);

const ui = z.object({
  display_type: opt(
    DISPLAYS,
    'Full screen (`rich_terminal`, also `textual_terminal` and `terminal`), plain lines (`simple`) or the answer only (`silent`). Without a question the app opens all the same, for you to ask one.',
  ),
  theme: opt(text, 'Name of the colour theme.'),
  logging_enabled: opt(flag, 'Accepted; every run is logged.', 'inert'),
  type: opt(DISPLAYS, 'Older name of `display_type`.'),
  use_orchestrator_for_single_agent: opt(flag, 'Accepted; one agent always answers without voting.', 'inert'),
  display_kwargs: planned(anyMap, 'Further settings of the display.'),
});

const learning = z.object({
  kind: key(text.trim().min(1), 'Your name for the kind of task, by which evidence is kept; as `--learn`.'),
  arms: key(
    z.array(text.trim().min(1)).min(2),
    'What to pick from, as `--arms`: configs (paths from this file), or `model:NAME`, `size:N`, `personas:WAY`, the last two of this team.',
  ),
  seed: opt(
    z.number().int().min(0),
    'Of the draw: with the same evidence the same arm is picked. The run’s seed if left out.',
  ),
});

const agents = z.array(agent).min(1);

/** A whole file: the one definition of types, defaults, meanings and checks. */
export const configSchema = z.object({
  agents: opt(agents, 'The agents. Either this or `agent`.'),
  agent: opt(agent, 'The agent, if there is only one.'),
  orchestrator: opt(orchestrator, 'How the agents work together.'),
  timeout_settings: opt(timeoutSettings, 'Time limits.'),
  limits: opt(limits, 'What the whole run may use; then the best answer so far is presented.'),
  permissions: opt(permissions, 'What agents may do without asking, and never.'),
  hooks: opt(hooks, 'Programs that are asked, or told, when something happens: see hooks.md.'),
  rate_limits: opt(
    rateLimits,
    'How often models may be asked: backend type, then model (its name, a part of it, or `default`), then limits.',
  ),
  ui: opt(ui, 'What is shown.'),
  display: opt(
    z.object({
      type: opt(DISPLAYS, 'Older place of `ui.display_type`.'),
      logging_enabled: opt(flag, 'Accepted; every run is logged.', 'inert'),
    }),
    'Older place of `ui`.',
  ),
  memory: planned(memory, 'Memory of all agents.'),
  session_id: opt(text, 'Session to go on with, as `--session-id`.'),
  keep_runs_days: opt(
    positive,
    'Days that logs of this folder are kept; older ones are removed when a run begins. All are kept if left out.',
  ),
  seed: opt(z.number().int().min(0), 'Makes everything random in the run repeatable.'),
  learning: opt(
    learning,
    'What is known of this kind of task picks the team of a run that `massgen` is started for, and learns from it; off if left out. `--learn` and `--arms` come first: see evaluation.md.',
  ),
  nlip: planned(anyMap, 'Tool calls as NLIP messages.'),
});

/** A checked file, defaults filled in. */
export type Config = z.output<typeof configSchema>;
export type AgentConfig = z.output<typeof agent>;
export type LearningConfig = z.output<typeof learning>;
export type LimitsConfig = z.output<typeof limits>;
export type BackendConfig = z.output<typeof backend>;
