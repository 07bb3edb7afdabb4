import { isHostOf } from './catalogue.ts';
import type { BackendSpec } from './team.ts';

/** How a word is sampled. */
const SAMPLING = ['temperature', 'top_p', 'top_k', 'topP', 'topK'];
const OPENAI_SAMPLING = [
  ...SAMPLING,
  'presence_penalty',
  'frequency_penalty',
  'logprobs',
  'top_logprobs',
  'logit_bias',
];

/**
 * Names of parameters that the vendor itself refuses for this model, which would cost the agent its first request.
 * Other addresses decide for themselves.
 */
export function refusedParameters(spec: BackendSpec): string[] {
  const { protocol, model, params } = spec;
  const isAtHome = (host: string): boolean => spec.baseUrl === null || isHostOf(hostOf(spec.baseUrl), [host]);
  if (protocol === 'messages' && isAtHome('anthropic.com') && chooseWordsThemselves(model)) {
    return SAMPLING.filter((name) => name in params);
  }
  const isOpenai = protocol === 'responses' || protocol === 'chat';
  if (isOpenai && isAtHome('openai.com') && alwaysReasons(spec))
    return OPENAI_SAMPLING.filter((name) => name in params);
  return [];
}

function hostOf(address: string): string {
  return URL.parse(address)?.hostname ?? '';
}

/** Claude after Opus 4.6. */
function chooseWordsThemselves(model: string): boolean {
  return /^claude-(?:opus-4-[7-9]|(?:opus|sonnet|haiku|fable|mythos)-[5-9])/.test(model);
}

/** GPT-5.1 and later take these parameters for as long as they are told not to reason, which is their usual way. */
function alwaysReasons({ model, params }: BackendSpec): boolean {
  if (/^(?:o[134]|gpt-5)(?:-(?:mini|nano|pro|codex))*(?:-\d{4}-\d\d-\d\d)?$/.test(model)) return true;
  if (!/^gpt-5\.\d/.test(model) || model.includes('-chat')) return false;
  const reasoning = params['reasoning'];
  const isMap = typeof reasoning === 'object' && reasoning !== null && !Array.isArray(reasoning);
  const effort = params['reasoning_effort'] ?? (isMap ? reasoning['effort'] : undefined);
  return typeof effort === 'string' && effort !== 'none';
}
