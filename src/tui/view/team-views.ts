import { sanitizeLine } from '../text/sanitize.ts';
import { wrapText } from '../text/wrap.ts';
import type { TeamAgent } from '../teams.ts';
import { style } from '../theme/style.ts';
import { agentToken } from '../theme/tokens.ts';
import { plural } from './format.ts';
import type { Area, Rect } from './frame.ts';
import type { Glyphs } from './glyphs.ts';
import { clipLine, span, spread, type Line } from './line.ts';
import type { Model } from './model.ts';
import { separatorArea, titleRule } from './timeline-view.ts';

const FG = style('fg');
const DIM = style('dim');

/** The choice of a team: names on the left, what they are on the right. */
export function pickerAreas(model: Model, rect: Rect): Area[] {
  const isWide = rect.width >= 70;
  const listWidth = isWide ? Math.max(26, Math.min(44, Math.floor(rect.width * 0.36))) : rect.width;
  const listHeight = isWide ? rect.height : Math.min(model.teams.length + 1, Math.max(3, Math.floor(rect.height / 2)));
  const list: Area = {
    layer: 'list',
    ...rect,
    width: listWidth,
    height: listHeight,
    lines: [titleRule('teams', listWidth, model.glyphs, true), ...pickerRows(model, listWidth, listHeight - 1)],
    fill: FG,
  };
  const side: Rect = isWide
    ? { ...rect, x: rect.x + listWidth + 1, width: rect.width - listWidth - 1 }
    : { ...rect, y: rect.y + listHeight, height: rect.height - listHeight };
  const choice = model.teams[model.picked];
  const details = choice ? choiceLines(model, side.width - 2, side.height - 1) : noTeams(side.width - 2);
  const title = choice ? sanitizeLine(choice.name) : 'no team';
  const main: Area = {
    layer: 'main',
    ...side,
    lines: [titleRule(title, side.width, model.glyphs), ...details.map((line): Line => [span(' ', FG), ...line])],
    fill: FG,
  };
  return isWide
    ? [list, separatorArea({ ...rect, x: rect.x + listWidth, width: 1 }, model.glyphs), main]
    : [list, main];
}

function pickerRows(model: Model, width: number, height: number): Line[] {
  const { teams, picked, glyphs } = model;
  const top = Math.max(0, Math.min(picked - Math.floor(height / 2), teams.length - height));
  const rows = teams.slice(top, top + height).map((team, i): Line => {
    const isPicked = top + i === picked;
    const ground = isPicked ? 'pick' : 'bg';
    const base = style(team.trouble === null ? 'fg' : 'dim', isPicked ? ['bold'] : [], ground);
    const right: Line =
      team.trouble === null
        ? [span(` ${plural(team.agents.length, 'agent')} `, style('dim', [], ground))]
        : [span(' not ready ', style('warn', [], ground))];
    const left: Line = [
      span(isPicked ? '> ' : '  ', style('focus', ['bold'], ground)),
      span(sanitizeLine(team.name), base),
    ];
    return spread(left, right, width, base, glyphs.cut);
  });
  const below = teams.length - top - rows.length;
  if (below > 0) rows[rows.length - 1] = [span(`  ${glyphs.down} ${below + 1} more`, DIM)];
  return rows;
}

function choiceLines(model: Model, width: number, height: number): Line[] {
  const choice = model.teams[model.picked];
  if (!choice) return [];
  const lines: Line[] = [];
  const paragraph = (text: string, id: number): void => {
    for (const row of wrapText(sanitizeLine(text), width)) lines.push([span(row, id)]);
    lines.push([]);
  };
  if (choice.description !== '') paragraph(choice.description, FG);
  if (choice.trouble !== null) paragraph(`! ${choice.trouble}`, style('warn'));
  else if (choice.agents.every((agent) => !agent.isModel))
    paragraph('No model is called and nothing is paid.', style('warn'));
  const room = Math.max(1, height - lines.length);
  const agents = agentLines(choice.agents, width, model.glyphs);
  lines.push(...agents.slice(0, room));
  if (agents.length > room)
    lines[lines.length - 1] = [span(`${model.glyphs.down} ${agents.length - room + 1} more agents`, DIM)];
  return lines;
}

function noTeams(width: number): Line[] {
  return wrapText('There is no team to choose from: pass a config with --config.', width).map((row) => [span(row, FG)]);
}

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
    for (const row of wrapText(text, width)) lines.push([span('  ', FG), span(row, id)]);
  };
  if (model.isStarting) say('Starting the team.', style('accent'));
  else if (team && team.agents.length === 1) say('One agent answers your question.');
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
