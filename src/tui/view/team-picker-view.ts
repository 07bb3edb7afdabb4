import { sanitizeLine } from '../text/sanitize.ts';
import { wrapText } from '../text/wrap.ts';
import type { TeamChoice } from '../teams.ts';
import { style } from '../theme/style.ts';
import { detailArea, type Details } from './detail-area.ts';
import { formatCost, plural } from './format.ts';
import type { Area, Rect } from './frame.ts';
import { span, spread, type Line } from './line.ts';
import type { Model } from './model.ts';
import { pickedTeam, shownTeams } from './team-list.ts';
import { agentLines } from './team-views.ts';
import { separatorArea, titleRule } from './timeline-view.ts';
import { keyWord } from './key-of.ts';
import { wrappedLines } from './wrapped-lines.ts';

const FG = style('fg');
const DIM = style('dim');
const WARN = style('warn');

/** The choice of a team: names on the left, what they are on the right. */
export function pickerAreas(model: Model, rect: Rect): Area[] {
  const teams = shownTeams(model);
  const { list, isWide } = pickerPlaces(model, rect);
  const filter = model.teamFilter === '' ? '' : `, filter "${sanitizeLine(model.teamFilter)}"`;
  const count = model.teamFilter === '' ? '' : `${teams.length} of ${model.teams.length}`;
  const title = titleRule(`teams ${count}${filter}`.trimEnd(), list.width, model.glyphs, true);
  const lines = [title, ...pickerRows(model, teams, list.width, list.height - 1)];
  return [
    { layer: 'list', ...list, lines, fill: FG },
    ...(isWide ? [separatorArea({ ...rect, x: rect.x + list.width, width: 1 }, model.glyphs)] : []),
    detailArea(model, pickerDetails(model, rect)),
  ];
}

/** What is known of the picked team. Pure. */
export function pickerDetails(model: Model, rect: Rect): Details {
  const { side } = pickerPlaces(model, rect);
  const choice = pickedTeam(model);
  return {
    title: choice ? sanitizeLine(choice.name) : 'no team',
    rows: choice ? choiceLines(model, choice, side.width - 2) : noTeams(model, side.width - 2),
    rect: side,
  };
}

function pickerPlaces(model: Model, rect: Rect): { list: Rect; side: Rect; isWide: boolean } {
  const teams = shownTeams(model);
  const isWide = rect.width >= 70;
  const width = isWide ? Math.max(26, Math.min(44, Math.floor(rect.width * 0.36))) : rect.width;
  const height = isWide ? rect.height : Math.min(teams.length + 1, Math.max(3, Math.floor(rect.height / 2)));
  const side: Rect = isWide
    ? { ...rect, x: rect.x + width + 1, width: rect.width - width - 1 }
    : { ...rect, y: rect.y + height, height: rect.height - height };
  return { list: { ...rect, width, height }, side, isWide };
}

function pickerRows(model: Model, teams: readonly TeamChoice[], width: number, height: number): Line[] {
  const { picked, glyphs } = model;
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

/** Everything that is known of a team before it runs. */
function choiceLines(model: Model, choice: TeamChoice, width: number): Line[] {
  const { agents, missing = [], settings = [], trouble } = choice;
  const lines: Line[] = [];
  const paragraph = (text: string, id: number): void => {
    lines.push(...wrappedLines(sanitizeLine(text), width, id));
  };
  if (choice.description !== '') paragraph(choice.description, FG);
  if (choice.origin !== undefined) paragraph(choice.origin, DIM);
  if (lines.length > 0) lines.push([]);
  for (const { variables, agents: waiting } of missing) {
    paragraph(`! ${variables.join(' or ')} is missing, for ${waiting.join(', ')}; :setup takes it.`, WARN);
  }
  if (trouble !== null) {
    for (const line of trouble.split('\n'))
      paragraph(missing.length > 0 ? line : `! ${line}`, missing.length > 0 ? DIM : WARN);
    lines.push([]);
  } else if (agents.every((agent) => !agent.isModel)) {
    paragraph('No model is called and nothing is paid.', WARN);
    lines.push([]);
  } else {
    const cost = model.estimates.get(choice);
    if (cost === 'pending') paragraph('working out what a question costs', DIM);
    else if (cost) paragraph(`A question costs about ${formatCost(cost)} with answers of usual length.`, style('info'));
    if (cost) lines.push([]);
  }
  agentLines(agents, width, model.glyphs).forEach((line, i) => {
    lines.push(line);
    const tools = agents[i]?.tools ?? [];
    if (tools.length > 0) {
      for (const row of wrapText(sanitizeLine(tools.join(', ')), width - 4)) lines.push([span(`    ${row}`, DIM)]);
    }
  });
  if (settings.length > 0) lines.push([]);
  for (const line of settings) paragraph(line, DIM);
  return lines;
}

function noTeams(model: Model, width: number): Line[] {
  const text =
    model.teamFilter === ''
      ? 'There is no team to choose from: pass a config with --config.'
      : `No team fits the filter: ${keyWord(model, 'leave-picker')} takes it away.`;
  return wrappedLines(text, width, FG);
}
