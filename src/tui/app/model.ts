import { EMPTY_EDITOR } from '../input/editor.ts';
import type { TeamChoice, TeamSummary } from '../teams.ts';
import { ASCII, UNICODE } from '../view/glyphs.ts';
import type { Model } from '../view/model.ts';
import { ViewCache } from '../view/view-cache.ts';

/** The model before anything happened. */
export function createModel(options: {
  cols: number;
  rows: number;
  now: number;
  ascii: boolean;
  team: TeamSummary | null;
  teams: readonly TeamChoice[];
}): Model {
  return {
    cols: options.cols,
    rows: options.rows,
    now: options.now,
    glyphs: options.ascii ? ASCII : UNICODE,
    view: options.team ? 'home' : 'picker',
    run: null,
    isRunActive: false,
    isStarting: false,
    team: options.team,
    teams: options.teams,
    picked: 0,
    isSelecting: false,
    focus: 0,
    isZoomed: false,
    showReasoning: false,
    paneScroll: new Map(),
    timelineScroll: 'follow',
    finalTop: 0,
    helpTop: 0,
    isHelpOpen: false,
    isQuitAsked: false,
    editor: EMPTY_EDITOR,
    isEditing: options.team !== null,
    message: null,
    renderMarkdown: null,
    cache: new ViewCache(),
  };
}
