import type { PlannedTask } from '../../events/event.ts';
import { sanitizeLine } from '../text/sanitize.ts';
import { style, type StyleId } from '../theme/style.ts';
import { plural } from './format.ts';
import type { Glyphs } from './glyphs.ts';
import { clipLine, span, type Line } from './line.ts';

const DIM = style('dim');
const STYLES: Record<PlannedTask['status'], StyleId> = {
  pending: DIM,
  active: style('accent', ['bold']),
  done: style('ok'),
  blocked: style('warn'),
};

/** An agent's plan: one row with how far it is, or that row and its tasks, in `height` rows at most. Empty without one. */
export function planLines(
  plan: readonly PlannedTask[],
  { isOpen, width, height, glyphs }: { isOpen: boolean; width: number; height: number; glyphs: Glyphs },
): Line[] {
  if (plan.length === 0 || height < 1) return [];
  const done = plan.filter((task) => task.status === 'done').length;
  const active = plan.find((task) => task.status === 'active') ?? plan.find((task) => task.status === 'blocked');
  const head: Line = [
    span(`${isOpen ? glyphs.unfolded : glyphs.folded} `, DIM),
    span(`${done} of ${plural(plan.length, 'task')}`, style('info', ['bold'])),
  ];
  if (!isOpen) {
    const now = active === undefined ? '' : `: ${sanitizeLine(active.title)}`;
    return [clipLine([...head, span(now, DIM)], width, glyphs.cut)];
  }
  const room = height - 1;
  // What is being done, and what comes next, is worth more than what is done.
  const at = Math.max(
    0,
    plan.findIndex((task) => task.status !== 'done'),
  );
  const shown = plan.length <= room ? plan.length : Math.max(0, room - 1);
  const top = Math.max(0, Math.min(at - Math.floor(shown / 3), plan.length - shown));
  const rows = plan.slice(top, top + shown).map((task): Line => {
    const waits = waitsFor(task, plan);
    return clipLine(
      [
        span(`  ${signOf(task, glyphs)} `, STYLES[task.status]),
        span(sanitizeLine(task.title), task.status === 'active' ? style('fg', ['bold']) : STYLES[task.status]),
        span(waits === '' ? '' : `  waits for ${waits}`, style('warn')),
      ],
      width,
      glyphs.cut,
    );
  });
  if (shown < plan.length && room > 0) {
    rows.push([span(`    ${plural(plan.length - shown, 'more task')}`, DIM)]);
  }
  return [clipLine(head, width, glyphs.cut), ...rows];
}

function signOf({ status }: PlannedTask, glyphs: Glyphs): string {
  switch (status) {
    case 'done':
      return glyphs.ok;
    case 'active':
      return glyphs.status.streaming;
    case 'blocked':
      return glyphs.bad;
    case 'pending':
      return glyphs.status.waiting;
  }
}

/** What a blocked task needs that is not done, by title. */
function waitsFor(task: PlannedTask, plan: readonly PlannedTask[]): string {
  if (task.status !== 'blocked') return '';
  return task.dependsOn
    .flatMap((id) => plan.filter((other) => other.id === id && other.status !== 'done'))
    .map((other) => sanitizeLine(other.title))
    .join(', ');
}
