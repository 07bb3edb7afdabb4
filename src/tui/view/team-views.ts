import { sanitizeLine } from '../text/sanitize.ts';
import type { TeamAgent } from '../teams.ts';
import { style } from '../theme/style.ts';
import { agentToken } from '../theme/tokens.ts';
import type { Area, Rect } from './frame.ts';
import type { Glyphs } from './glyphs.ts';
import { clipLine, span, type Line } from './line.ts';
import type { Model } from './model.ts';
import { titleRule } from './timeline-view.ts';
import { wrappedLines } from './wrapped-lines.ts';

const FG = style('fg');
const DIM = style('dim');

/** `1 claude  claude-sonnet-4-5`, one row per agent. */
export function agentLines(agents: readonly TeamAgent[], width: number, glyphs: Glyphs): Line[] {
  const ids = agents.map((agent) => sanitizeLine(agent.id));
  const idWidth = Math.min(28, Math.max(0, ...ids.map((id) => id.length)));
  return agents.map((agent, i) => {
    const number = String(i + 1).padStart(agents.length > 9 ? 2 : 1);
    const model = agent.isModel ? sanitizeLine(agent.model) : `${sanitizeLine(agent.model)} (built in)`;
    const line = [
      span(`${number} ${(ids[i] ?? '').padEnd(idWidth)}`, style(agentToken(i + 1), ['bold'])),
      span(`  ${model}`, DIM),
    ];
    return clipLine(line, width, glyphs.cut);
  });
}

/** Before the first question: who will answer it. */
export function homeAreas(model: Model, rect: Rect): Area[] {
  const { team, glyphs } = model;
  const width = rect.width - 4;
  const lines: Line[] = [[]];
  const say = (text: string, id = FG): void => {
    for (const row of wrappedLines(text, width, id)) lines.push([span('  ', FG), ...row]);
  };
  if (team && team.agents.length === 1) say('One agent answers your question.');
  else say("Your question goes to all of them. They work in parallel, read each other's answers and vote.");
  lines.push([]);
  if (team) {
    const agents = agentLines(team.agents, width, glyphs);
    const room = Math.max(1, rect.height - lines.length - 4);
    const shown = agents.length > room ? agents.slice(0, room - 1) : agents;
    lines.push(...shown.map((line): Line => [span('  ', FG), ...line]));
    if (shown.length < agents.length)
      lines.push([span(`  ${glyphs.down} ${agents.length - shown.length} more agents`, DIM)]);
    if (team.agents.every((agent) => !agent.isModel)) {
      lines.push([]);
      say('These agents are built in: no model is called and nothing is paid.', style('warn'));
    }
  }
  return [
    {
      layer: 'main',
      ...rect,
      lines: [titleRule(sanitizeLine(team?.name ?? 'team'), rect.width, glyphs), ...lines],
      fill: FG,
    },
  ];
}
