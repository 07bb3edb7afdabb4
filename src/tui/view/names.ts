import type { Alias } from '../../events/event.ts';
import type { RunState } from '../../coordination/state.ts';
import { numberOf } from '../store/run-store.ts';
import { sanitizeLine } from '../text/sanitize.ts';
import { style, type Attr } from '../theme/style.ts';
import { agentToken } from '../theme/tokens.ts';
import type { Glyphs } from './glyphs.ts';
import { span, type Span } from './line.ts';

/** `2 gpt` in the agent's colour; `you` for the user's own ballot, and whatever else is no agent by its name. */
export function nameSpan(state: RunState, alias: Alias, attrs: readonly Attr[] = []): Span {
  const agent = Object.hasOwn(state.agents, alias) ? state.agents[alias] : undefined;
  if (!agent) return span(alias === 'user' ? 'you' : sanitizeLine(alias), style('accent', attrs));
  const number = numberOf(alias);
  return span(`${number} ${sanitizeLine(agent.info.id)}`, style(agentToken(number), attrs));
}

/** The same, without colour. */
export function nameText(state: RunState, alias: Alias): string {
  return nameSpan(state, alias).text;
}

/** Who asks: the agent, or `2 gpt ▸ agent2-sub1` for one that works for it. */
export function askerText(state: RunState, alias: Alias, subagent: string | undefined, glyphs: Glyphs): string {
  const name = nameText(state, alias);
  return subagent === undefined ? name : `${name} ${glyphs.folded} ${sanitizeLine(subagent)}`;
}
