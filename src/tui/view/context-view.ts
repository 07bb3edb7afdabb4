import type { Message } from '../../events/message.ts';
import type { RunState } from '../../coordination/state.ts';
import { describeArgs } from '../store/blocks.ts';
import { sanitize, sanitizeLine } from '../text/sanitize.ts';
import { textWidth } from '../text/width.ts';
import { style } from '../theme/style.ts';
import { formatCount, plural } from './format.ts';
import { span, type Line } from './line.ts';
import { keyWord } from './key-of.ts';
import type { Model } from './model.ts';
import { nameText } from './names.ts';
import { titleRule } from './timeline-view.ts';
import { wrappedLines } from './wrapped-lines.ts';

const FG = style('fg');
const DIM = style('dim');

/** `what 2 gpt is sent: 5 messages, 12k characters`, and the key of the next agent where `width` has room for it. */
export function contextTitle(model: Model, state: RunState, width: number): string {
  const alias = model.run?.panes[model.focus];
  if (alias === undefined) return 'context';
  const messages = model.run?.conversation(alias).messages() ?? [];
  const size = messages.reduce((sum, message) => sum + sizeOf(message), 0);
  const title = `what ${nameText(state, alias)} is sent: ${plural(messages.length, 'message')}, ${formatCount(size)} characters`;
  const next = `  ${keyWord(model, 'focus-next')}: next agent`;
  return state.order.length > 1 && textWidth(title + next) <= width ? title + next : title;
}

/** The conversation of the focused agent, word for word, as its model gets it with the next request. */
export function contextLines(model: Model, state: RunState, width: number): Line[] {
  const { run, glyphs } = model;
  const alias = run?.panes[model.focus];
  if (!run || alias === undefined) return [];
  const messages = run.conversation(alias).messages();
  if (messages.length === 0) return [[span('Nothing was sent to this agent yet.', DIM)]];
  const size = messages.reduce((sum, message) => sum + sizeOf(message), 0);
  const key = ['context', state.run, alias, messages.length, size, width, glyphs.rule].join(' ');
  return model.cache.document(key, () => {
    const lines: Line[] = [];
    for (const [i, message] of messages.entries()) {
      if (i > 0) lines.push([]);
      lines.push(titleRule(`${i + 1} ${titleOf(message)}`, width, glyphs), ...messageLines(message, width));
    }
    return lines;
  });
}

function titleOf(message: Message): string {
  if (message.role === 'tool') return `tool ${sanitizeLine(message.name)}${message.isError ? ', an error' : ''}`;
  return message.role;
}

function messageLines(message: Message, width: number): Line[] {
  const rows = (text: string, id = FG): Line[] =>
    text === '' ? [] : wrappedLines(sanitize(text).trimEnd(), width, id);
  if (message.role === 'tool') return rows(message.output);
  if (message.role !== 'assistant') return rows(message.text);
  const calls = message.calls.flatMap((call) =>
    rows(`calls ${call.name} ${describeArgs(call.args, call.rawArgs)}`, style('info')),
  );
  return [...rows(message.reasoning ?? '', style('dim', ['italic'])), ...rows(message.text), ...calls];
}

function sizeOf(message: Message): number {
  return message.role === 'tool' ? message.output.length : message.text.length;
}
