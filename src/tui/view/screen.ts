import { clipText } from '../text/clip.ts';
import { sanitizeLine } from '../text/sanitize.ts';
import { style } from '../theme/style.ts';
import { agentsAreas } from './agents-view.ts';
import { askParts } from './ask-view.ts';
import { asksOf } from './asks.ts';
import { browserAreas, pageAreas, pageParts } from './browser.ts';
import { completionArea } from './completion-view.ts';
import { documentAreas } from './document-view.ts';
import { finalAreas } from './final-view.ts';
import { footerArea } from './footer.ts';
import { plural } from './format.ts';
import type { Area, Frame, Rect } from './frame.ts';
import { helpArea, questionArea } from './help-view.ts';
import { inputArea, inputHeight, isInputShown } from './input-view.ts';
import { isTooSmall, MIN_COLS, MIN_ROWS, railWidth } from './layout.ts';
import { span } from './line.ts';
import { isBrowser, isDocument, type Model } from './model.ts';
import { paletteArea } from './palette-view.ts';
import { playerArea } from './player-row.ts';
import { isBoxed } from './prompt.ts';
import { promptArea } from './prompt-view.ts';
import { ratingParts } from './rating-view.ts';
import { runPickerArea } from './run-picker-view.ts';
import { sessionsPage, turnsPage } from './session-pages.ts';
import { modelsArea } from './setup-models.ts';
import { setupAreas } from './setup-view.ts';
import { statusArea } from './status-row.ts';
import { hasTabs, tabsArea } from './tabs-row.ts';
import { themeArea } from './theme-view.ts';
import { pickerAreas } from './team-picker-view.ts';
import { homeAreas } from './team-views.ts';
import { timelineAreas } from './timeline-screen.ts';
import { railAreas, stripArea } from './timeline-view.ts';
import { keysWord } from './key-of.ts';

/** Where things stand on a screen of this size. */
export interface Places {
  body: Rect;
  rail: Rect | null;
  strip: number | null;
  /** The row that tells where a replay is. */
  player: number | null;
  input: Rect | null;
}

/** The parts of the screen between the status row and the footer. Pure. */
export function placesOf(model: Model): Places {
  const { cols, rows } = model;
  const inputRows = model.prompt && !isBoxed(model.prompt.kind) ? 1 : inputHeight(model);
  const input = inputRows > 0 ? { x: 0, y: rows - 1 - inputRows, width: cols, height: inputRows } : null;
  let height = rows - 2 - inputRows;
  const panes = model.run?.panes.length ?? 0;
  const isPanes = model.view === 'panes' && Boolean(model.run?.state);
  // Two agents beside each other need the room more than the rail does.
  const isTight = model.split !== null && cols < 160;
  const railCols = isPanes && !model.isZoomed && !isTight ? railWidth(cols, rows, panes) : 0;
  // Too little room for a rail: the newest event still has a row of its own.
  const strip = isPanes && railCols === 0 && height >= 9 && !model.playback ? height : null;
  const player = model.playback && model.run?.state ? height : null;
  if (strip !== null || player !== null) height -= 1;
  const tabs = hasTabs(model) ? 1 : 0;
  const body = { x: 0, y: 1 + tabs, width: cols - railCols, height: height - tabs };
  return { body, rail: railCols > 0 ? { ...body, x: cols - railCols, width: railCols } : null, strip, player, input };
}

/** The whole picture from the whole model. Never throws for any size of screen. */
export function buildFrame(model: Model): Frame {
  const { cols, rows } = model;
  if (isTooSmall(cols, rows)) return { cols, rows, areas: [tooSmall(model)], cursor: null };
  const { body, rail, strip, player, input } = placesOf(model);
  const state = model.run?.state ?? null;
  const areas: Area[] = [statusArea(model)];
  if (model.view === 'setup') areas.push(...setupAreas(model, body));
  else if (model.view === 'sessions' && model.sessions) {
    areas.push(...pageAreas(model, pageParts(sessionsPage(model), model.sessions.pick, body), model.sessions.top));
  } else if (model.view === 'turns' && model.turns) {
    areas.push(...pageAreas(model, pageParts(turnsPage(model), model.turns.pick, body), model.turns.top));
  } else if (model.view === 'picker') areas.push(...pickerAreas(model, body));
  else if (isDocument(model.view)) areas.push(...documentAreas(model, state, model.view, body));
  else if (!state) areas.push(...homeAreas(model, body));
  else if (model.view === 'timeline') areas.push(...timelineAreas(model, state, body));
  else if (isBrowser(model.view)) areas.push(...browserAreas(model, state, model.view, body));
  else if (model.view === 'final') areas.push(...finalAreas(model, state, body), ...ratingParts(state, body).areas);
  else {
    areas.push(...agentsAreas(model, state, body));
    if (rail) areas.push(...railAreas(model, state, rail));
    if (strip !== null) areas.push(stripArea(model, state, strip));
  }
  if (model.playback && player !== null) areas.push(playerArea(model, model.playback, player));
  if (state && hasTabs(model)) areas.push(tabsArea(model, state, { x: 0, y: 1, width: cols, height: 1 }));
  let cursor: Frame['cursor'] = null;
  if (input && model.prompt && !isBoxed(model.prompt.kind)) {
    const made = promptArea(model.prompt, input);
    areas.push(made.area);
    cursor = made.cursor;
  } else if (input && isInputShown(model)) {
    const made = inputArea(model, input);
    areas.push(made.area);
    if (model.completion && model.isEditing) areas.push(completionArea(model, model.completion, input));
    cursor = made.cursor;
  }
  areas.push(footerArea(model));
  const ask = askParts(model);
  if (model.isQuitAsked) {
    areas.push(
      questionArea(
        model,
        'leave',
        leavingText(model),
        `${keysWord(model, 'confirm')} leave   ${keysWord(model, 'refuse')} stay`,
      ),
    );
    cursor = null;
  } else if (ask) {
    areas.push(ask.area);
    cursor = ask.cursor;
  } else if (model.sessions?.asked) {
    areas.push(deleteArea(model, model.sessions.asked));
    cursor = null;
  } else if (model.runPicker) {
    areas.push(runPickerArea(model, model.runPicker));
    if (!model.prompt) cursor = null;
  } else if (model.themePicker) {
    areas.push(themeArea(model, model.themePicker));
    cursor = null;
  } else if (model.prompt && isBoxed(model.prompt.kind)) {
    const made = model.prompt.kind === 'model' ? modelsArea(model, model.prompt) : paletteArea(model, model.prompt);
    areas.push(made.area);
    cursor = made.cursor;
  } else if (model.isHelpOpen) {
    areas.push(helpArea(model));
    cursor = null;
  }
  return { cols, rows, areas, cursor };
}

/** What leaving would end. */
function leavingText(model: Model): string[] {
  const asks = asksOf(model);
  const approvals = asks.filter(({ kind }) => kind === 'approval').length;
  const questions = asks.length - approvals;
  return [
    'A run is going. Leave and cancel it?',
    ...(approvals > 0
      ? [
          `${plural(approvals, 'request waits', 'requests wait')} for you and ${approvals === 1 ? 'is' : 'are'} denied then.`,
        ]
      : []),
    ...(questions > 0 ? [`${plural(questions, 'question stays', 'questions stay')} without an answer.`] : []),
  ];
}

/** Deleting is for good, so it is asked for. */
function deleteArea(model: Model, { title, logs }: { title: string; logs: number }): Area {
  const what = clipText(`Delete "${sanitizeLine(title)}"`, model.cols - 8);
  return questionArea(
    model,
    'delete',
    [what, `and the logs of ${plural(logs, 'run')} for good?`],
    `${keysWord(model, 'delete-yes')} delete   ${keysWord(model, 'delete-no')} keep`,
  );
}

function tooSmall({ cols, rows }: Model): Area {
  const words = [`have ${cols}x${rows}`, `need ${MIN_COLS}x${MIN_ROWS}`];
  const top = Math.max(0, Math.floor((rows - words.length) / 2));
  const lines = words.map((word) => {
    const text = clipText(word, cols);
    return [span(' '.repeat(Math.max(0, Math.floor((cols - text.length) / 2))) + text, style('warn', ['bold']))];
  });
  return {
    layer: 'main',
    x: 0,
    y: 0,
    width: cols,
    height: rows,
    lines: [...Array.from({ length: top }, () => []), ...lines],
    fill: style('fg'),
  };
}
