import type { Risk } from '../../events/event.ts';
import type { Asks, RiskOpinion } from '../asks.ts';
import type { CallUse } from './call-use.ts';
import type { Judgement } from './judge-use.ts';

/** What a model thinks of an agent's calls; of the same call it is asked once. */
export class RiskOpinions {
  readonly #known = new Map<string, Promise<RiskOpinion>>();

  /** Null where no model is asked. Rejects when the log cannot be written. */
  async ask(
    { tool, action, target, risk }: CallUse,
    { callId, input }: { callId: string; input: string },
    asks: Asks | undefined,
    signal: AbortSignal,
  ): Promise<RiskOpinion | null> {
    if (!asks?.assess) return null;
    const name = JSON.stringify([tool, action, target, input]);
    const asked = this.#known.get(name) ?? asks.assess({ tool, action, target, detail: input, risk }, callId, signal);
    this.#known.set(name, asked);
    const forget = (): void => void this.#known.delete(name);
    asked.then((opinion) => opinion.risk ?? forget(), forget);
    return asked;
  }
}

const ORDER: readonly Risk[] = ['low', 'medium', 'high'];

/**
 * The risk and the rules' word with a model's opinion on top: it raises a risk and never lowers one, and makes a call be
 * asked about that would have gone unasked; so does a model that gave none.
 */
export function raise(risk: Risk, judged: Judgement, opinion: RiskOpinion | null): { risk: Risk; judged: Judgement } {
  if (!opinion) return { risk, judged };
  const raised = opinion.risk !== null && ORDER.indexOf(opinion.risk) > ORDER.indexOf(risk) ? opinion.risk : risk;
  if (judged.verdict === 'deny' || (opinion.risk !== null && opinion.risk !== 'high')) return { risk: raised, judged };
  const reason =
    opinion.risk === null
      ? `Its risk could not be judged: ${opinion.reason}`
      : `A model finds its risk high: ${opinion.reason}`;
  const words = judged.verdict === 'ask' ? `${judged.reason} ${reason}`.trim() : reason;
  return { risk: raised, judged: { verdict: 'ask', isByRule: true, reason: words } };
}
