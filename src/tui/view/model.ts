import type { Alias } from '../../events/event.ts';
import type { EditorState } from '../input/editor.ts';
import type { RunStore } from '../store/run-store.ts';
import type { Tone } from '../store/blocks.ts';
import type { TeamChoice, TeamSummary } from '../teams.ts';
import type { Glyphs } from './glyphs.ts';
import type { MarkdownRenderer } from './markdown-rows.ts';
import type { PanePace } from './pane-pace.ts';
import type { ViewCache } from './view-cache.ts';

export type ViewName = 'picker' | 'home' | 'panes' | 'timeline' | 'final';

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

/** Everything that the picture is made from. Views read it and change nothing but the cache. */
export interface Model {
  cols: number;
  rows: number;
  now: number;
  glyphs: Glyphs;
  view: ViewName;
  /** Null before the first question. */
  run: RunStore | null;
  isRunActive: boolean;
  /** A question was sent and its run has not begun to speak. */
  isStarting: boolean;
  team: TeamSummary | null;
  teams: readonly TeamChoice[];
  picked: number;
  isSelecting: boolean;
  /** Index in the panes. */
  focus: number;
  isZoomed: boolean;
  showReasoning: boolean;
  paneScroll: ReadonlyMap<Alias, Scroll>;
  timeline: TimelineState;
  finalTop: number;
  helpTop: number;
  isHelpOpen: boolean;
  isQuitAsked: boolean;
  editor: EditorState;
  isEditing: boolean;
  message: { tone: Tone; text: string } | null;
  /** Null until the renderer is loaded; then plain text stands in. */
  renderMarkdown: MarkdownRenderer | null;
  cache: ViewCache;
  /** When panes show more. */
  pace: PanePace;
}
