import type { PendingQuestion, RunState } from '../../coordination/state.ts';
import type { ActionId } from '../input/keymap.ts';
import { textWidth } from '../text/width.ts';
import { style } from '../theme/style.ts';
import { approvalRows, riskLine } from './approval-body.ts';
import type { AskDraft } from './ask-draft.ts';
import { openAsk, type Ask } from './asks.ts';
import { formatClock, plural } from './format.ts';
import type { Area, Rect } from './frame.ts';
import { boxed, centred } from './help-view.ts';
import { fieldRows } from './input-view.ts';
import { keyOf } from './key-of.ts';
import { clipLine, lineWidth, span, type Line } from './line.ts';
import type { Model } from './model.ts';
import { askerText } from './names.ts';
import { questionRows } from './question-body.ts';
import { runNow } from './run-time.ts';

const FG = style('fg', [], 'bar');
const DIM = style('dim', [], 'bar');
const KEY = style('accent', ['bold'], 'bar');
const MOST_FIELD_ROWS = 4;
const MOST_COLS = 110;

/** A place of the dialog that a click acts on. */
interface Hit {
  rect: Rect;
  action: ActionId;
  /** For an option: its number, from 1. */
  digit: number;
}

/** Where everything in the dialog stands, for the picture as for keys and the mouse. */
export interface AskParts {
  ask: Ask;
  draft: AskDraft;
  rect: Rect;
  /** Columns of the text. */
  width: number;
  /** All rows that are scrolled. */
  body: Line[];
  bodyHeight: number;
  top: number;
  optionAt: number[];
  area: Area;
  cursor: { x: number; y: number } | null;
  hits: Hit[];
}

/** The dialog over what an agent asks; null while it is closed. Pure. */
export function askParts(model: Model): AskParts | null {
  const open = openAsk(model);
  const state = model.run?.state;
  if (!open || !state) return null;
  const { ask, draft } = open;
  const cols = Math.min(model.cols - 2, MOST_COLS);
  const width = cols - 4;
  const most = model.rows - 2;
  const isTight = most < 16;
  const { rows: body, optionAt } =
    ask.kind === 'approval'
      ? { rows: approvalRows(model, ask.approval, width), optionAt: [] }
      : questionRows(ask.question, draft, width);
  const head = headRows(model, state, ask, isTight).map((line) => clipLine(line, width, model.glyphs.cut));
  const field = fieldOf(model, ask, draft, width);
  const choices = draft.isTyping ? [] : choicesOf(ask, open.count);
  const columns = width >= 56 ? 2 : 1;
  const perColumn = Math.ceil(choices.length / columns);
  const foot = field.rows.length + (isTight ? Math.min(perColumn, 3) : perColumn);
  const rules = isTight ? 1 : 2;
  const bodyHeight = Math.max(1, Math.min(body.length, most - 2 - head.length - foot - rules));
  const top = Math.max(0, Math.min(draft.top, body.length - bodyHeight));
  const below = body.length - top - bodyHeight;
  const rule = (text: string): Line => {
    const word = text === '' ? '' : ` ${text} `;
    const line = model.glyphs.rule.repeat(Math.max(0, width - textWidth(word)));
    return [span(line, style('border', [], 'bar')), span(word, style('warn', ['bold'], 'bar'))];
  };
  const more = below > 0 ? `${model.glyphs.down} ${plural(below, 'more row')}` : '';
  const above = top > 0 ? `${model.glyphs.up} ${top} above` : '';
  const lines = [
    ...head,
    ...(isTight ? [] : [rule(above)]),
    ...body.slice(top, top + bodyHeight),
    rule([isTight ? above : '', more].filter(Boolean).join('  ')),
  ];
  const footAt = lines.length;
  const { rows: footRows, places } = columned(model, choices, columns, perColumn, width);
  lines.push(...field.rows, ...footRows.slice(0, foot - field.rows.length));
  const rect = centred(model, cols, lines.length + 2);
  const title = `${ask.kind} ${open.place} of ${open.count}`;
  const at = { x: rect.x + 2, y: rect.y + 1 + footAt };
  const hits = places
    .filter(({ row }) => row < foot - field.rows.length)
    .map(({ action, x, row, size }): Hit => ({
      action,
      digit: 0,
      rect: { x: at.x + x, y: at.y + field.rows.length + row, width: size, height: 1 },
    }));
  return {
    ask,
    draft,
    rect,
    width,
    body,
    bodyHeight,
    top,
    optionAt,
    hits: [
      ...hits,
      ...optionHits(optionAt, { top, height: bodyHeight, rows: body.length }, rect, head.length, isTight),
    ],
    area: { layer: 'overlay', ...rect, lines: boxed(lines, title, footOf(model, state, ask), cols, model), fill: FG },
    cursor: field.cursor && { x: at.x + field.cursor.x, y: at.y + field.cursor.y },
  };
}

function headRows(model: Model, state: RunState, ask: Ask, isTight: boolean): Line[] {
  if (ask.kind === 'question') return [[asker(model, state, ask), span(' asks you', FG)]];
  // By the clock of the wall: whoever looks waits in it, however time passes in the run.
  const waits = formatClock(state.updatedAt - ask.at + Math.max(0, model.now - model.heardAt));
  const who: Line = [asker(model, state, ask), span(' asks for leave', FG), span(`   waits ${waits}`, DIM)];
  return isTight ? [[...riskLine(ask.approval).slice(0, 2), span('  ', FG), ...who]] : [who, riskLine(ask.approval)];
}

function asker({ glyphs }: Model, state: RunState, ask: Ask): Line[number] {
  const { subagent } = ask.kind === 'approval' ? ask.approval : ask.question;
  return span(askerText(state, ask.alias, subagent, glyphs), style('heading', ['bold'], 'bar'));
}

/** At the foot of the box: how long there is, where that is limited. */
function footOf(model: Model, state: RunState, ask: Ask): string {
  if (ask.kind === 'approval' || ask.question.timeoutMs === null)
    return state.order.length > 1 ? 'the others go on meanwhile' : 'it waits for you';
  const left = ask.at + ask.question.timeoutMs - runNow(model, state);
  return `${formatClock(Math.max(0, Math.ceil(left / 1000) * 1000))} left`;
}

interface Choice {
  text: string;
  action: ActionId;
}

const DECISIONS: readonly Choice[] = [
  { text: 'deny', action: 'deny' },
  { text: 'deny, and say why', action: 'deny-why' },
  { text: 'decide later', action: 'ask-later' },
  { text: 'the next request', action: 'ask-next' },
  { text: 'allow this once', action: 'allow-once' },
  { text: 'allow such calls this run', action: 'allow-run' },
  { text: 'allow such calls this session', action: 'allow-session' },
  { text: 'allow such calls for ever', action: 'allow-always' },
  { text: 'change it, then allow', action: 'edit-call' },
];

/** Null is a place that stays empty: with one request there is no next one. */
function choicesOf(ask: Ask, count: number): readonly (Choice | null)[] {
  if (ask.kind === 'question') return answersTo(ask.question);
  const isPossible = ({ action }: Choice): boolean =>
    action === 'ask-next' ? count > 1 : action !== 'edit-call' || ask.approval.editable === true;
  const choices = DECISIONS.map((choice) => (isPossible(choice) ? choice : null));
  return choices.at(-1) === null ? choices.slice(0, -1) : choices;
}

function answersTo(question: PendingQuestion): Choice[] {
  const enter = question.isMultiple ? 'send what is marked' : 'send the picked one';
  return [
    { text: enter, action: 'send-reply' },
    ...(question.isMultiple ? [{ text: 'mark or unmark', action: 'mark-option' as const }] : []),
    ...(question.allowsText ? [{ text: 'answer in words', action: 'type-reply' as const }] : []),
    { text: 'skip the question', action: 'skip-question' },
    { text: 'answer later', action: 'ask-later' },
  ];
}

/** Choices in columns, and where each of them stands. */
function columned(
  model: Model,
  choices: readonly (Choice | null)[],
  columns: number,
  perColumn: number,
  width: number,
): { rows: Line[]; places: { action: ActionId; x: number; row: number; size: number }[] } {
  const size = Math.floor(width / columns);
  const rows = Array.from({ length: perColumn }, (): Line => []);
  const places = choices.flatMap((choice, i) => {
    if (choice === null) return [];
    const { text, action } = choice;
    const key = keyOf(model, action);
    const row = i % perColumn;
    const x = Math.floor(i / perColumn) * size;
    const line = rows[row] ?? [];
    line.push(span(' '.repeat(Math.max(0, x - lineWidth(line))), FG), span(` ${key.padEnd(5)} `, KEY), span(text, FG));
    return { action, x, row, size };
  });
  return { rows, places };
}

/** The field for the reason or the answer, with the cursor relative to its first cell. */
function fieldOf(
  model: Model,
  ask: Ask,
  draft: AskDraft,
  width: number,
): { rows: Line[]; cursor: { x: number; y: number } | null } {
  const { editor, isTyping } = draft;
  if (!isTyping) return { rows: editor.text === '' ? [] : typed(editor.text, width, model), cursor: null };
  const label = ask.kind === 'question' ? 'answer: ' : draft.isEdit ? 'run: ' : 'why not: ';
  const { rows, cursor } = fieldRows(editor.text, editor.cursor, width - label.length);
  const height = Math.min(rows.length, MOST_FIELD_ROWS, Math.max(1, model.rows - 14));
  const from = Math.max(0, Math.min(cursor.row - height + 1, rows.length - height));
  const shown = rows
    .slice(from, from + height)
    .map((row, i): Line => [span(i === 0 ? label : ' '.repeat(label.length), KEY), span(row, FG)]);
  const [send, skip, back] = (['send-reply', 'skip-question', 'leave-reply'] as const).map((id) => keyOf(model, id));
  const hint =
    ask.kind === 'approval'
      ? `${send} ${draft.isEdit ? 'allows it once, as it stands here' : 'denies'}   ${back} back`
      : `${send} sends   ${skip} skips   ${back} back`;
  return {
    rows: [...shown, [span(hint, DIM)]],
    cursor: { x: label.length + cursor.column, y: cursor.row - from },
  };
}

/** What was typed and not sent yet, on one row. */
function typed(text: string, width: number, model: Model): Line[] {
  return [clipLine([span('typed: ', DIM), span(text.replaceAll('\n', ' '), FG)], width, model.glyphs.cut)];
}

function optionHits(
  optionAt: readonly number[],
  { top, height, rows }: { top: number; height: number; rows: number },
  rect: Rect,
  headRowCount: number,
  isTight: boolean,
): Hit[] {
  const first = rect.y + 1 + headRowCount + (isTight ? 0 : 1);
  return optionAt.flatMap((row, i): Hit[] => {
    const from = Math.max(row, top);
    const to = Math.min(optionAt[i + 1] ?? rows, top + height);
    if (to <= from) return [];
    const place = { x: rect.x + 1, y: first + from - top, width: rect.width - 2, height: to - from };
    return [{ action: 'pick-option', digit: i + 1, rect: place }];
  });
}
