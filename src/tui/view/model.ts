import type { Alias, AnswerLabel } from '../../events/event.ts';
import type { Cost } from '../../events/usage.ts';
import type { FilesState } from '../files.ts';
import type { EditorState } from '../input/editor.ts';
import type { Keymap } from '../input/keymap.ts';
import type { ConfigRow, RunChoice } from '../ports.ts';
import type { RunStore } from '../store/run-store.ts';
import type { Tone } from '../store/blocks.ts';
import type { SessionChoice } from '../sessions.ts';
import type { SetupState } from '../setup.ts';
import type { TeamChoice, TeamSummary } from '../teams.ts';
import type { AskDesk } from './ask-draft.ts';
import type { DiffRenderer } from './answer-diff.ts';
import type { Glyphs } from './glyphs.ts';
import type { MarkdownRenderer } from './markdown-rows.ts';
import type { PanePace } from './pane-pace.ts';
import type { Playback } from './playback.ts';
import type { Prompt } from './prompt.ts';
import type { Review } from './review-state.ts';
import type { ViewCache } from './view-cache.ts';

/** Screens with a list and the details of what is picked. */
export type BrowserName = 'inspect' | 'answers' | 'ballots' | 'events' | 'files' | 'changes';
/** Screens that are read from top to bottom. */
export type DocumentName = 'cost' | 'context' | 'status' | 'config';
export type ViewName =
  | 'picker'
  | 'setup'
  | 'sessions'
  | 'turns'
  | 'home'
  | 'panes'
  | 'timeline'
  | 'final'
  | BrowserName
  | DocumentName;

/** Where the user is in one of these screens. */
export interface Place {
  /** The picked row; null is where the screen begins, which may move. */
  pick: number | null;
  /** First row of the details. */
  top: number;
  filter: string;
}

/** A scroll position: the first row shown, or the end and whatever comes. */
export type Scroll = { top: number } | 'follow';

/** What the timeline shows. */
export interface TimelineState {
  /** Null fits the whole run. */
  msPerCol: number | null;
  /** Time of the first column; null follows the end. */
  fromMs: number | null;
  /** Index in the filtered events; null is the newest one, whatever comes. */
  pick: number | null;
  filter: string;
}

/** What may be typed at the cursor of the question field. */
export interface Completion {
  kind: 'command' | 'path';
  /** Where the part begins that an item takes the place of. */
  from: number;
  items: readonly string[];
  pick: number;
}

/** The choice of a theme. */
export interface ThemePicker {
  names: readonly string[];
  pick: number;
  /** The theme that comes back where none is taken. */
  before: string;
}

/** The list of earlier runs. */
export interface RunPicker {
  runs: readonly RunChoice[];
  /** Index among those that the filter lets through. */
  pick: number;
  filter: string;
}

/** The list of sessions. */
export interface SessionList {
  list: readonly SessionChoice[];
  /** Index among those that the filter lets through; null is the session of the app. */
  pick: number | null;
  top: number;
  filter: string;
  /** The one that may be deleted, once the user says so. */
  asked: { id: string; title: string; logs: number } | null;
}

/** The questions of one session. */
export interface TurnList {
  session: SessionChoice;
  /** Null is the latest one. */
  pick: number | null;
  top: number;
  /** Where it was opened from, if not from a run. */
  from: 'sessions' | null;
}

/** What is searched for in the panes. */
export interface Search {
  text: string;
  isAll: boolean;
  /** The row that was found last. */
  at: { alias: Alias; row: number } | null;
}

/** Rows of the text in front that are selected, both ends included; `to` is the one that moves. */
export interface Selection {
  /** Where they were selected: on another screen they are not. */
  view: ViewName;
  /** The agent of the pane; null for other texts. */
  alias: Alias | null;
  from: number;
  to: number;
}

/** The agents that are told something: all, or one. */
export type Listeners = 'all' | { agent: Alias };

/** Everything that the picture is made from. Views read it and change nothing but the cache. */
export interface Model {
  cols: number;
  rows: number;
  now: number;
  /** When the last event of the run came. */
  heardAt: number;
  glyphs: Glyphs;
  /** The user's keys. */
  keymap: Keymap;
  view: ViewName;
  /** Null before the first question. */
  run: RunStore | null;
  isRunActive: boolean;
  /** Null where the run is going, or was. */
  playback: Playback | null;
  /** A question was sent and its run has not begun to speak. */
  isStarting: boolean;
  team: TeamSummary | null;
  teams: readonly TeamChoice[];
  /** Index in the teams that the filter lets through. */
  picked: number;
  teamFilter: string;
  /** What is known of the cost of a question, by team; null costs nothing. */
  estimates: ReadonlyMap<TeamChoice, Cost | null | 'pending'>;
  isSelecting: boolean;
  /** Index in the panes. */
  focus: number;
  isZoomed: boolean;
  /** Two agents beside each other, by their places; null shows all. */
  split: readonly [number, number] | null;
  /** 0 shows all agents that fit well, 1 half of them at once, 2 a quarter; −1 all in smaller panes. */
  density: number;
  showReasoning: boolean;
  /** Tools with their arguments and results. */
  showTools: boolean;
  /** Plans with their tasks. */
  showPlan: boolean;
  paneScroll: ReadonlyMap<Alias, Scroll>;
  timeline: TimelineState;
  browse: Readonly<Record<BrowserName | DocumentName, Place>>;
  /** Answers show what changed from the version before. */
  isDiff: boolean;
  /** The answer that others are shown beside; null for none. */
  compared: AnswerLabel | null;
  finalTop: number;
  /** First row of what stands beside a choice of teams or in the set-up. */
  detailTop: number;
  helpTop: number;
  isHelpOpen: boolean;
  isQuitAsked: boolean;
  editor: EditorState;
  isEditing: boolean;
  /** Whom the typed text goes to: the team as a question, or agents that are at work. */
  fieldFor: 'question' | Listeners;
  completion: Completion | null;
  /** Long pastes of this session; marks in the text stand for them. */
  pastes: readonly string[];
  /** A line that is being typed; it has all keys. */
  prompt: Prompt | null;
  search: Search | null;
  selection: Selection | null;
  /** The user's choice among changed files. */
  review: Review;
  /** What is known of the files of answers. */
  files: FilesState;
  runPicker: RunPicker | null;
  themePicker: ThemePicker | null;
  /** Null while they are not looked at. */
  sessions: SessionList | null;
  turns: TurnList | null;
  /** Null where nothing is set up. */
  setup: SetupState | null;
  /** What agents ask of the user. */
  asks: AskDesk;
  /** Where the run in front is kept; null before the first one. */
  place: { id: string; dir: string } | null;
  /** The team as it runs, for its screen; null where nothing is known. */
  config: readonly ConfigRow[] | null;
  /** The answer that was asked for as winner once; the second time counts. */
  asked: { label: AnswerLabel } | null;
  message: { tone: Tone; text: string } | null;
  /** Null until the renderer is loaded; then plain text stands in. */
  renderMarkdown: MarkdownRenderer | null;
  /** Null until it is loaded. */
  renderDiff: DiffRenderer | null;
  cache: ViewCache;
  /** When panes show more. */
  pace: PanePace;
}

export function isBrowser(view: ViewName): view is BrowserName {
  return (
    view === 'inspect' ||
    view === 'answers' ||
    view === 'ballots' ||
    view === 'events' ||
    view === 'files' ||
    view === 'changes'
  );
}

export function isDocument(view: ViewName): view is DocumentName {
  return view === 'cost' || view === 'context' || view === 'status' || view === 'config';
}
