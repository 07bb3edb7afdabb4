import { NO_FILES } from '../files.ts';
import { EMPTY_EDITOR } from '../input/editor.ts';
import { KEYMAP, type Keymap } from '../input/keymap.ts';
import type { TeamChoice, TeamSummary } from '../teams.ts';
import { NO_ASKS } from '../view/ask-draft.ts';
import { ASCII, UNICODE } from '../view/glyphs.ts';
import type { Model, Place, TimelineState } from '../view/model.ts';
import { NO_REVIEW } from '../view/review-state.ts';
import { PanePace } from '../view/pane-pace.ts';
import { ViewCache } from '../view/view-cache.ts';

/** The whole run, and the newest event. */
export const FIT_TIMELINE: TimelineState = { msPerCol: null, fromMs: null, pick: null, filter: '' };

const START_PLACE: Place = { pick: null, top: 0, filter: '' };
/** Every screen at its beginning. */
const START_PLACES: Model['browse'] = {
  inspect: START_PLACE,
  answers: START_PLACE,
  ballots: START_PLACE,
  events: START_PLACE,
  files: START_PLACE,
  changes: START_PLACE,
  cost: START_PLACE,
  context: START_PLACE,
  status: START_PLACE,
  config: START_PLACE,
};

/** What begins anew with every run. */
export const NEW_RUN = {
  isStarting: false,
  isRunActive: true,
  isEditing: false,
  fieldFor: 'question',
  view: 'panes',
  focus: 0,
  isZoomed: false,
  split: null,
  density: 0,
  paneScroll: new Map(),
  timeline: FIT_TIMELINE,
  browse: START_PLACES,
  completion: null,
  prompt: null,
  search: null,
  selection: null,
  files: NO_FILES,
  review: NO_REVIEW,
  asked: null,
  compared: null,
  asks: NO_ASKS,
  finalTop: 0,
} satisfies Partial<Model>;

/** The model before anything happened. */
export function createModel(options: {
  cols: number;
  rows: number;
  now: number;
  ascii: boolean;
  team: TeamSummary | null;
  teams: readonly TeamChoice[];
  /** Begins with the set-up. */
  isSetup?: boolean;
  /** The usual one unless told. */
  keymap?: Keymap;
}): Model {
  return {
    cols: options.cols,
    rows: options.rows,
    now: options.now,
    heardAt: options.now,
    glyphs: options.ascii ? ASCII : UNICODE,
    keymap: options.keymap ?? KEYMAP,
    view: options.isSetup === true ? 'setup' : options.team ? 'home' : 'picker',
    run: null,
    isRunActive: false,
    playback: null,
    isStarting: false,
    team: options.team,
    teams: options.teams,
    picked: 0,
    teamFilter: '',
    estimates: new Map(),
    isSelecting: false,
    focus: 0,
    isZoomed: false,
    split: null,
    density: 0,
    showReasoning: false,
    showTools: false,
    showPlan: false,
    paneScroll: new Map(),
    timeline: FIT_TIMELINE,
    browse: START_PLACES,
    isDiff: false,
    compared: null,
    finalTop: 0,
    detailTop: 0,
    helpTop: 0,
    isHelpOpen: false,
    isQuitAsked: false,
    editor: EMPTY_EDITOR,
    fieldFor: 'question',
    isEditing: options.team !== null && options.isSetup !== true,
    completion: null,
    pastes: [],
    prompt: null,
    search: null,
    selection: null,
    files: NO_FILES,
    review: NO_REVIEW,
    runPicker: null,
    themePicker: null,
    sessions: null,
    turns: null,
    setup: null,
    asked: null,
    asks: NO_ASKS,
    place: null,
    config: null,
    message: null,
    renderMarkdown: null,
    renderDiff: null,
    cache: new ViewCache(),
    pace: new PanePace(),
  };
}
