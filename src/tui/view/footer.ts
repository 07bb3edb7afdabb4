import { agentsOf } from '../../coordination/views.ts';
import { actionFor, FOOTER_OPTIONAL, footerBindings, type ActionId, type Context } from '../input/keymap.ts';
import { sanitizeLine } from '../text/sanitize.ts';
import { textWidth } from '../text/width.ts';
import type { Tone } from '../store/blocks.ts';
import { style, type StyleId } from '../theme/style.ts';
import type { Area } from './frame.ts';
import { asksOf, openAsk } from './asks.ts';
import { keyLabel } from './glyphs.ts';
import { shownLabel } from './files-page.ts';
import { isInputShown } from './input-view.ts';
import { lineWidth, span, spread, type Line } from './line.ts';
import type { Model } from './model.ts';
import { isInWords } from './prompt.ts';
import { selectionHere } from './selected-rows.ts';
import { partCount, reviewStage } from './review.ts';

const BAR = style('fg', [], 'bar');
const KEY = style('accent', ['bold'], 'bar');
const TONES: Record<Tone, StyleId> = {
  plain: BAR,
  dim: style('dim', [], 'bar'),
  info: style('info', ['bold'], 'bar'),
  ok: style('ok', ['bold'], 'bar'),
  warn: style('warn', ['bold'], 'bar'),
  err: style('err', ['bold'], 'bar'),
};

/** Which keys count now. */
export function contextOf(model: Model): Context {
  if (model.isQuitAsked) return 'dialog';
  const open = openAsk(model);
  if (open) return open.draft.isTyping ? 'reply' : open.ask.kind;
  if (model.sessions?.asked) return 'delete';
  if (model.themePicker) return 'themes';
  if (model.prompt) return 'prompt';
  if (model.runPicker) return 'runs';
  if (model.isHelpOpen) return 'help';
  if (model.isEditing && isInputShown(model)) return 'input';
  if (selectionHere(model)) return 'select';
  return model.view;
}

const PLAYED: ReadonlySet<Context> = new Set<Context>([
  'panes',
  'timeline',
  'final',
  'answers',
  'ballots',
  'events',
  'inspect',
  'files',
  'changes',
  'cost',
  'context',
]);

/**
 * Whose keys count in that context while a run is played, those of the replay and the screen's own; the first ones take what
 * both have. Pure.
 */
export function keyContexts({ playback }: Pick<Model, 'playback'>, context: Context): readonly Context[] {
  if (!playback || !PLAYED.has(context)) return [context];
  return context === 'panes' || context === 'timeline' ? ['replay', context] : [context, 'replay'];
}

/** What a key does. Pure. */
export function actionOf(model: Model, context: Context, key: string): ActionId | null {
  for (const each of keyContexts(model, context)) {
    const action = actionFor(each, key, model.keymap);
    if (action !== null) return action;
  }
  return null;
}

/** The last row: a message where there is one, else the keys that count now; help always at the right. */
export function footerArea(model: Model): Area {
  const context = contextOf(model);
  const help = model.keymap.find(({ id }) => id === 'help');
  const [helpKey = ''] = keyLabel(help?.label ?? '', model.glyphs).split(' ');
  const hasHelp = help?.contexts.includes(context) === true && context !== 'help';
  const right: Line = hasHelp ? [span(helpKey, KEY), span(' help ', BAR)] : [];
  const room = model.cols - lineWidth(right) - 1;
  const left = model.message ? messageLine(model, context, room) : keyLine(model, context, room);
  return {
    layer: 'footer',
    x: 0,
    y: model.rows - 1,
    width: model.cols,
    height: 1,
    lines: [spread(left, right, model.cols, BAR, model.glyphs.cut)],
    fill: BAR,
  };
}

/** The message, its path cut in the middle where room is short, and as many keys as fit beside it. */
function messageLine(model: Model, context: Context, width: number): Line {
  if (!model.message) return [];
  const text = ` ${shortened(sanitizeLine(model.message.text), width - 2, model.glyphs.cut)} `;
  const message = [span(text, TONES[model.message.tone])];
  return [...message, ...keyLine(model, context, Math.max(0, width - lineWidth(message)))];
}

/** Takes what is too much out of the middle of the last word, where that is a path; its beginning and end say most. */
function shortened(text: string, width: number, cut: string): string {
  const excess = textWidth(text) - width;
  const path = / (\S*[/\\]\S*)$/.exec(text)?.[1] ?? '';
  const keep = path.length - excess - cut.length;
  if (excess <= 0 || keep < 8 || textWidth(path) !== path.length) return text;
  const head = Math.floor(keep / 3);
  return text.slice(0, text.length - path.length) + path.slice(0, head) + cut + path.slice(path.length - keep + head);
}

const GIVE_WAY: ReadonlySet<ActionId> = new Set<ActionId>([
  'focus-number',
  'focus-next',
  'zoom',
  'scroll-down',
  'pan-left',
  'zoom-in',
  'toggle-reasoning',
  'follow',
  'search',
  'ask',
]);

/** What a replay cannot do: what it shows is over. */
const STEERS: ReadonlySet<ActionId> = new Set<ActionId>(['vote-answer', 'veto-answer', 'choose-answer']);

const REVIEW: ReadonlySet<ActionId> = new Set<ActionId>([
  'decide-files',
  'leave-out',
  'leave-part',
  'next-part',
  'send-back',
  'undo-files',
]);

/** What needs an answer to be about. */
const OF_ANSWERS: ReadonlySet<ActionId> = new Set<ActionId>(['diff', 'compare', 'next-files']);

/** Only what can be decided as things stand. */
function isPointlessReview(model: Model, id: ActionId): boolean {
  const stage = reviewStage(model);
  const changes = model.run?.state?.changes;
  if (id === 'undo-files') return changes?.state !== 'applied' || !model.run?.state?.end;
  if (id === 'send-back') return stage !== 'now';
  // The keys that play a run have the room.
  if (model.playback && id !== 'decide-files') return true;
  if (id === 'next-part' || id === 'leave-part') {
    return stage === null || !changes?.files.some((file) => partCount(file) > 1);
  }
  return stage === null;
}

/** True for a key that would do nothing now, or lead to where one is. */
function isPointless(model: Model, id: ActionId): boolean {
  const { view, run } = model;
  if (id === 'open-ask') return asksOf(model).length === 0;
  const asked = openAsk(model)?.ask;
  if (id === 'edit-call') return asked?.kind !== 'approval' || asked.approval.editable !== true;
  if (id === 'skip-question') return asked?.kind === 'approval';
  if (id === 'mark-option') return asked?.kind === 'question' && !asked.question.isMultiple;
  if (id === 'type-reply') return asked?.kind === 'question' && !asked.question.allowsText;
  if (id === 'ask') return !isInputShown(model);
  if (id === 'timeline') return view === 'timeline';
  if (id === 'answer') return view === 'final' || (!run?.state?.final && !run?.state?.end);
  // In a replay the keys that play it have the room.
  if (model.playback && (GIVE_WAY.has(id) || STEERS.has(id))) return true;
  if (id === 'rate-up' || id === 'rate-down') return !run?.state?.final;
  if (id === 'edit-outside') return model.prompt !== null && !isInWords(model.prompt.kind);
  if (STEERS.has(id)) return !model.isRunActive;
  if (OF_ANSWERS.has(id) && view === 'files') return shownLabel(model) === null;
  if (OF_ANSWERS.has(id)) return !run?.state || !agentsOf(run.state).some(({ answers }) => answers.length > 0);
  if (REVIEW.has(id)) return isPointlessReview(model, id);
  if (id === 'back')
    return view === 'panes' && !model.isZoomed && !model.split && model.density <= 0 && model.paneScroll.size === 0;
  if (view === 'setup' && !model.setup) return id !== 'stop';
  if (id === 'setup-test') return model.setup?.step === 'save';
  if (id === 'setup-demo') return model.setup?.step !== 'keys' || model.setup.isKeysOnly;
  if (id === 'focus-number' || id === 'focus-next' || id === 'zoom') return (run?.panes.length ?? 0) < 2;
  return false;
}

/** As many keys as fit whole, the most important ones; the others are in the help. */
function keyLine(model: Model, context: Context, width: number): Line {
  const isPlayer = model.playback !== null && PLAYED.has(context);
  let pieces = [...(isPlayer ? footerBindings('replay', model.keymap) : []), ...footerBindings(context, model.keymap)]
    .filter(({ id }) => !isPointless(model, id))
    .map(({ id, label, footer }): { id: ActionId; line: Line } => {
      const [first = label] = keyLabel(label, model.glyphs).split(' ');
      const word = id === 'stop' && model.isRunActive && !model.playback ? 'stop' : footer;
      return { id, line: [span(` ${first}`, KEY), span(` ${word} `, BAR)] };
    });
  // What somebody waits for stands first.
  pieces = pieces.toSorted((a, b) => Number(b.id === 'open-ask') - Number(a.id === 'open-ask'));
  for (const optional of FOOTER_OPTIONAL) {
    if (pieces.reduce((sum, { line }) => sum + lineWidth(line), 0) <= width) break;
    pieces = pieces.filter(({ id }) => id !== optional);
  }
  while (pieces.length > 0 && pieces.reduce((sum, { line }) => sum + lineWidth(line), 0) > width)
    pieces = pieces.slice(0, -1);
  return pieces.flatMap(({ line }) => line);
}
