import { answerText } from '../../coordination/remembered.ts';
import type { RunReport } from '../../sessions/run-report.ts';
import { count, money, seconds } from '../figures.ts';
import { oneLine, preview } from '../plain-text.ts';

const TEXT_CHARS = 500;
const SIGNS = { pending: '[ ]', active: '[>]', done: '[x]', blocked: '[!]' } as const;

/** What agents asked and what they were told, one line each. Plain text. */
export function askedLines({ asked, agents }: RunReport): string[] {
  const nameOf = (who: string): string => oneLine(agents.find(({ alias }) => alias === who)?.id ?? who);
  return asked.flatMap(({ alias, to, text, answers }) => [
    `${nameOf(alias)} asks ${to.map(nameOf).join(', ')}: ${preview(text, TEXT_CHARS)}`,
    ...answers.map((answer) => {
      const said = answer.outcome === 'answered' ? answerText(answer) : `${answer.outcome}: ${answer.reason}`;
      return `  ${nameOf(answer.by)}: ${preview(said, TEXT_CHARS)}`;
    }),
  ]);
}

/** Those who worked for agents, what they were to do and what they came to. Plain text. */
export function subagentLines({ agents }: RunReport): string[] {
  return agents.flatMap(({ id, subagents }) =>
    subagents.flatMap(({ name, task, model, status, text, reason, tokens, cost, startMs, endMs, dir }) => {
      const time = endMs === null ? '' : ` after ${seconds(endMs - startMs)}`;
      const said = text === '' ? reason : text;
      return [
        `${oneLine(name)} of ${oneLine(id)} (${oneLine(model)}): ${status}${time}, ${count(tokens, 'token')}, ${money(cost)}`,
        `  task: ${preview(task, TEXT_CHARS)}`,
        ...(said === '' ? [] : [`  ${status === 'answered' ? 'answer' : 'last'}: ${preview(said, TEXT_CHARS)}`]),
        `  log: ${oneLine(dir)}`,
      ];
    }),
  );
}

/** The plans of agents as they were last, one line for each task. Plain text. */
export function planLines({ agents }: RunReport): string[] {
  return agents.flatMap(({ id, plan }) => {
    if (plan.length === 0) return [];
    const tasks = plan.map(({ id: task, title, status, dependsOn }) => {
      const after = dependsOn.length > 0 ? ` (after ${dependsOn.join(', ')})` : '';
      return `  ${SIGNS[status]} ${task}: ${preview(title, TEXT_CHARS)}${after}`;
    });
    return [oneLine(id), ...tasks];
  });
}
