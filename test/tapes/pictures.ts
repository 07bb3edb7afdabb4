/** What of a tape is kept in `docs/pictures`: file names of its screenshots, and of its moving picture. */
export interface Kept {
  pictures: readonly string[];
  gif?: string;
}

/** By the name of the tape. Tapes that are not named here are tests only. */
export const KEPT: Readonly<Record<string, Kept>> = {
  'first-run.tape': { pictures: ['first-run.png'], gif: 'first-run.gif' },
  'first-run-light.tape': { pictures: ['first-run-light.png'], gif: 'first-run-light.gif' },
  'four-agents.tape': { pictures: ['four-agents-judging.png', 'four-agents-timeline.png'] },
  'final-answer.tape': { pictures: ['final-answer.png'] },
  'zoom-and-scroll.tape': { pictures: ['zoom-thoughts.png'] },
  'light-theme.tape': { pictures: ['light-theme.png'] },
  'sixteen-agents.tape': { pictures: ['sixteen-agents.png'] },
  'wide-terminal.tape': { pictures: ['wide-terminal.png'] },
  'narrow-terminal.tape': { pictures: ['narrow-judging.png'] },
  'approval.tape': { pictures: ['approval-diff.png'] },
  'question.tape': { pictures: ['question-options.png'] },
  'files.tape': { pictures: ['files-diff.png'] },
  'search.tape': { pictures: ['search-found.png'] },
  'sessions.tape': { pictures: ['sessions-details.png'] },
  'replay.tape': { pictures: ['replay-timeline.png'] },
  'set-up.tape': { pictures: ['set-up-team.png'] },
  'cancel.tape': { pictures: ['cancel.png'] },
  'resume.tape': { pictures: ['resume-panes.png'] },
  'pipe.tape': { pictures: ['pipe.png'] },
};
