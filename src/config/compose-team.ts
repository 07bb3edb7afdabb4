import { findBackendType } from './catalogue.ts';
import { keyPlacesIn } from './env.ts';
import { printable } from './printable.ts';

/** One agent of a team that is yet to be written down. */
export interface DraftAgent {
  /** A backend type of the catalogue. */
  type: string;
  model: string;
  /** For people, behind the model: its price. Null where there is nothing to say. */
  note: string | null;
}

/** Types that MassGen itself knows. Others are written as `chatcompletion` with an address, which both understand. */
const SHARED_TYPES: ReadonlySet<string> = new Set(
  (
    'openai claude gemini grok azure_openai zai cerebras together fireworks groq openrouter moonshot nebius qwen ' +
    'lmstudio vllm sglang chatcompletion'
  ).split(' '),
);

/**
 * The text of a config for these agents: commented YAML without any key, valid here and in MassGen. Ids are the types,
 * with a number where one comes twice. Pure.
 */
export function composeTeam(agents: readonly DraftAgent[]): string {
  const ids = idsOf(agents);
  const variables = [...new Set(agents.flatMap(({ type }) => variableOf(type) ?? []))];
  const keys = variables.length === 0 ? 'No key is needed.' : `Keys it needs: ${variables.join(', ')}.`;
  const lines = [
    '# A team for massgen. Start it with: massgen --config FILE "your question"',
    '# Check it after a change with: massgen --validate FILE',
    `# ${keys} No key stands in here: they are looked for in`,
    `# ${keyPlacesIn({}).join(', ')}, in this order.`,
    '',
    'agents:',
    ...agents.flatMap((agent, i) => agentLines(agent, ids[i] ?? `agent${i + 1}`)),
    '',
    'orchestrator:',
    '  # How good an answer must be to get a vote instead of a better answer: lenient, balanced or strict.',
    '  voting_sensitivity: balanced',
    '  # Answers that one agent may hand in, the first included. More of them cost more.',
    '  max_new_answers_per_agent: 2',
    '',
    'timeout_settings:',
    '  # Seconds after which the best answer so far is taken.',
    '  orchestrator_timeout_seconds: 1800',
  ];
  return `${lines.join('\n')}\n`;
}

function agentLines({ type, model, note }: DraftAgent, id: string): string[] {
  const known = findBackendType(type);
  const isShared = SHARED_TYPES.has(type);
  const label = known?.label ?? type;
  const lines = [
    `  - id: ${scalar(id)}`,
    '    backend:',
    isShared ? `      type: ${scalar(type)} # ${label}` : `      type: chatcompletion # ${label}`,
    `      model: ${scalar(model)}${note === null ? '' : ` # ${printable(note)}`}`,
  ];
  const address = known?.baseUrl ?? null;
  if (!isShared && address !== null) lines.push(`      base_url: ${scalar(address)}`);
  return lines;
}

function idsOf(agents: readonly DraftAgent[]): string[] {
  const counts = new Map<string, number>();
  return agents.map(({ type }) => {
    const isAlone = agents.filter((other) => other.type === type).length === 1;
    const number = (counts.get(type) ?? 0) + 1;
    counts.set(type, number);
    return isAlone ? type : `${type}${number}`;
  });
}

function variableOf(type: string): string | null {
  const known = findBackendType(type);
  return known?.keyNeed === 'required' ? (known.keyVariables[0] ?? null) : null;
}

/** Plain where YAML reads it as text, else in double quotes, where JSON and YAML agree. */
function scalar(text: string): string {
  const isPlain = /^[A-Za-z][\w./-]*$/.test(text) && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(text);
  if (isPlain) return text;
  // JSON leaves some characters as they are that YAML takes for line breaks or refuses.
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
