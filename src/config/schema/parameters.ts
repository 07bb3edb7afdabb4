import * as z from 'zod';
import { anyMap, anything, flag, opt, text, texts } from './key.ts';

const number = z.number().nullable();
const integer = z.number().int().nullable();
const PASSED = 'Passed to the provider';

/**
 * Pass-through parameters that are known by name. Each provider takes a part of them; what one does not know, it
 * refuses by itself. A key that is neither here nor elsewhere in the backend is passed on just the same, with a warning.
 */
export const parameterShape = {
  temperature: opt(number, `${PASSED}: randomness of the text.`),
  top_p: opt(number, `${PASSED}: share of probability to sample from.`),
  top_k: opt(integer, `${PASSED}: number of words to sample from.`),
  min_p: opt(number, `${PASSED}: least probability to sample from.`),
  max_tokens: opt(integer, `${PASSED}: most tokens of one reply, under the name its protocol has for it.`),
  max_output_tokens: opt(integer, `${PASSED}: the same as \`max_tokens\`.`),
  max_completion_tokens: opt(integer, `${PASSED}: the same as \`max_tokens\`.`),
  stop: opt(z.union([text, texts]), `${PASSED}: texts that end a reply.`),
  stop_sequences: opt(texts, `${PASSED}: the same as \`stop\`.`),
  seed: opt(integer, `${PASSED}: seed for repeatable sampling.`),
  presence_penalty: opt(number, `${PASSED}: penalty for words that occurred.`),
  frequency_penalty: opt(number, `${PASSED}: penalty for words that occurred often.`),
  repetition_penalty: opt(number, `${PASSED}: penalty for repetition (vLLM, SGLang).`),
  logit_bias: opt(anyMap, `${PASSED}: weights of single tokens.`),
  logprobs: opt(anything, `${PASSED}: ask for probabilities.`),
  top_logprobs: opt(integer, `${PASSED}: number of probabilities.`),
  n: opt(integer, `${PASSED}: number of replies; only the first is used.`),
  user: opt(text, `${PASSED}: a name for the end user.`),
  metadata: opt(anyMap, `${PASSED}: labels for the provider’s own logs.`),
  store: opt(flag, `${PASSED}: whether it keeps the reply.`),
  service_tier: opt(text, `${PASSED}: speed and price class.`),
  reasoning: opt(
    z.looseObject({
      effort: opt(text, 'How long the model thinks: none, minimal, low, medium, high, xhigh or max.'),
      summary: opt(text, 'Summary of the thinking: auto, concise or detailed.'),
    }),
    `${PASSED}: how the model thinks (OpenAI).`,
  ),
  reasoning_effort: opt(
    text,
    'How long the model thinks: none, minimal, low, medium, high, xhigh or max; of any vendor.',
  ),
  text: opt(
    z.looseObject({
      verbosity: opt(text, 'Length of the reply: low, medium or high.'),
      format: opt(anyMap, 'Shape of the reply.'),
    }),
    `${PASSED}: how the reply is written (OpenAI).`,
  ),
  verbosity: opt(text, 'Length of the reply: low, medium or high (OpenAI).'),
  thinking: opt(anyMap, `${PASSED}: how the model thinks (Claude).`),
  output_config: opt(anyMap, `${PASSED}: effort and shape of the reply (Claude).`),
  thinking_config: opt(anyMap, `${PASSED}: how the model thinks (Gemini).`),
  safety_settings: opt(anything, `${PASSED}: content filters (Gemini).`),
  betas: opt(texts, `${PASSED}: beta features (Claude).`),
  extra_body: opt(anyMap, 'Further fields of the request body, merged into it.'),
  chat_template_kwargs: opt(anyMap, `${PASSED}: settings of the chat template (vLLM, SGLang).`),
  separate_reasoning: opt(flag, `${PASSED}: keep thinking apart from text (SGLang).`),
  search_parameters: opt(
    anyMap,
    'Search settings of xAI’s former Live Search; `enable_web_search` replaces it.',
    'inert',
  ),
  response_format: opt(anyMap, `${PASSED}: shape of the reply.`),
  parallel_tool_calls: opt(flag, 'Whether one reply may hold several tool calls (not Gemini).'),
  disable_parallel_tool_use: opt(flag, 'The opposite of `parallel_tool_calls`, in the words of Claude.'),
  function_calling_mode: opt(text, 'How Gemini calls functions: AUTO, ANY, NONE or VALIDATED.'),
  output_schema: opt(anyMap, 'JSON Schema of the final answer. Drafts and votes keep their own form.'),
  stream: opt(flag, 'False for servers that cannot stream: the whole reply comes at once.'),
  truncation: opt(text, `${PASSED}: what happens to a conversation that is too long (OpenAI).`),
  prompt_cache_key: opt(text, `${PASSED}: name of the prompt cache (OpenAI).`),
  prompt_cache_retention: opt(text, `${PASSED}: how long prompts stay cached (OpenAI).`),
  safety_identifier: opt(text, `${PASSED}: a name for the end user (OpenAI).`),
  include: opt(texts, `${PASSED}: further parts of the reply (OpenAI).`),
  provider_options: opt(anyMap, 'Further settings for the provider, merged into the request last, exactly as written.'),
};
