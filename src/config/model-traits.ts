/** What is known of a model by its name; null is what is not. */
export interface ModelTraits {
  /** It thinks before it replies, always or when it is told to. */
  reasons: boolean | null;
  /** It reads pictures. */
  seesPictures: boolean | null;
}

/** From the vendors' pages about their models. The first pattern that fits decides. */
const TRAITS: readonly (readonly [pattern: RegExp, reasons: boolean | null, seesPictures: boolean | null])[] = [
  [/^gpt-3\.5|^gpt-4(?:-0|-1106|$)/, false, false],
  [/^(?:gpt-4|chatgpt)/, false, true],
  [/^gpt-5(?:\.\d+)?-chat/, false, true],
  [/^(?:o1-mini|o3-mini)/, true, false],
  [/^(?:gpt-[56]|o[134])/, true, true],
  [/^gpt-oss/, true, false],
  [/^claude-(?:2|instant)/, false, false],
  [/^claude-3-(?:opus|sonnet|haiku|5)/, false, true],
  [/^claude-/, true, true],
  [/^gemini-(?:1|2\.0)/, false, true],
  [/^gemini-/, true, true],
  [/^grok-.*non-reasoning/, false, true],
  [/^grok-3-mini/, true, false],
  [/^grok-[23]/, false, null],
  [/^grok-4/, true, true],
  [/deepseek.*(?:reasoner|-r1)/i, true, false],
  [/deepseek-chat/i, false, false],
  [/kimi-k2-thinking/i, true, false],
  [/qwen3.*thinking|qwq/i, true, null],
  [/glm-4\.[5-9](?!v)/i, true, false],
  [/llama-(?:3\.[13]|3-)/i, false, false],
];

export function traitsOf(model: string): ModelTraits {
  const name = model.slice(model.lastIndexOf('/') + 1);
  const found = TRAITS.find(([pattern]) => pattern.test(name));
  return { reasons: found?.[1] ?? null, seesPictures: found?.[2] ?? null };
}

/** Whether a picture that belongs to a tool's result may be sent to it; not where that is not known, as it may be refused. */
export function readsPicturesOfTools(model: string): boolean {
  return traitsOf(model).seesPictures === true && !/gemini-[12](?:\.|-|$)/.test(model);
}
