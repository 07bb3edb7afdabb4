import { isJsonObject, type JsonObject } from '../../events/json.ts';
import type { CommonParams } from '../wire/common-params.ts';
import { nearestEffort } from '../wire/effort.ts';
import { numberAt, stringAt } from '../wire/json-fields.ts';

/** What a Claude model knows of thinking. */
interface ThinkingRules {
  /** `output_config.effort`. */
  hasEffort: boolean;
  /** `thinking: {type: enabled, budget_tokens}`. */
  hasBudget: boolean;
  /** `thinking: {type: adaptive}`. */
  isAdaptive: boolean;
}

/** The first pattern that fits decides; a name that is not here, such as a gateway's own, is sent what the config says. */
const RULES: readonly (readonly [pattern: RegExp, rules: ThinkingRules])[] = [
  [/claude-(?:2|instant|3-(?:opus|sonnet|haiku|5))/, { hasEffort: false, hasBudget: false, isAdaptive: false }],
  [/claude-(?:opus|sonnet)-4-6/, { hasEffort: true, hasBudget: true, isAdaptive: true }],
  [/claude-opus-4-5/, { hasEffort: true, hasBudget: true, isAdaptive: false }],
  [
    /claude-(?:3-7|(?:opus|sonnet|haiku)-4(?:-[0-5](?!\d)|-\d{8}|$))/,
    { hasEffort: false, hasBudget: true, isAdaptive: false },
  ],
  [
    /claude-(?:opus-4-[7-9]|(?:opus|sonnet|haiku|fable|mythos)-[5-9])/,
    { hasEffort: true, hasBudget: false, isAdaptive: true },
  ],
];

/** Tokens for models that are told how many they may think. */
const BUDGETS: Readonly<Record<string, number>> = {
  low: 2_048,
  medium: 8_192,
  high: 16_384,
  xhigh: 24_576,
  max: 32_768,
};
const LEAST_BUDGET = 1_024;
const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'];

/**
 * Effort and thinking in the form that the model knows: budgets become efforts and efforts budgets where it has only the
 * other one. A budget leaves half of `max_tokens` for the reply.
 */
export function fitThinking(model: string, common: CommonParams): CommonParams {
  const { rest } = common;
  const rules = RULES.find(([pattern]) => pattern.test(model))?.[1];
  const effort = common.effort === null ? null : nearestEffort(common.effort, EFFORTS);
  if (!rules) return { ...common, effort };
  const thinking = isJsonObject(rest.thinking) ? rest.thinking : null;
  const room = numberAt(rest, 'max_tokens');
  const budgetOf = (wanted: number): JsonObject | null => {
    const budget = room === null ? wanted : Math.min(wanted, Math.floor(room / 2));
    return budget < LEAST_BUDGET ? null : { type: 'enabled', budget_tokens: budget };
  };
  const kind = stringAt(thinking, 'type');
  if (kind === 'enabled' && !rules.hasBudget && rules.isAdaptive) {
    const budget = numberAt(thinking, 'budget_tokens') ?? 0;
    const { budget_tokens: _budget, ...others } = thinking ?? {};
    const same = budget <= 4_096 ? 'low' : budget <= 16_384 ? 'medium' : 'high';
    return { ...common, effort: effort ?? same, rest: { ...rest, thinking: { ...others, type: 'adaptive' } } };
  }
  if (kind === 'adaptive' && !rules.isAdaptive && rules.hasBudget) {
    const given = budgetOf(BUDGETS[effort ?? 'medium'] ?? LEAST_BUDGET);
    return withThinking(common, given, rules.hasEffort ? effort : null);
  }
  if (effort === null || rules.hasEffort) return { ...common, effort };
  const isThinking = common.effort !== 'none' && common.effort !== 'minimal' && rules.hasBudget && thinking === null;
  return isThinking ? withThinking(common, budgetOf(BUDGETS[effort] ?? 0), null) : { ...common, effort: null };
}

function withThinking(common: CommonParams, thinking: JsonObject | null, effort: string | null): CommonParams {
  const { thinking: _before, ...rest } = common.rest;
  return { ...common, effort, rest: { ...rest, ...(thinking && { thinking }) } };
}
