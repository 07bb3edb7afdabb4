/** What of a tape is kept in `docs/pictures`: file names of its screenshots, and of its moving picture. */
export interface Kept {
  pictures: readonly string[];
  gif?: string;
}

/** By the name of the tape. Tapes that are not named here are tests only. */
export const KEPT: Readonly<Record<string, Kept>> = {
  'first-run.tape': { pictures: ['first-run.png', 'first-run-answer.png'], gif: 'first-run.gif' },
  'four-agents.tape': { pictures: ['four-agents-judging.png', 'four-agents-panes.png', 'four-agents-timeline.png'] },
  'final-answer.tape': { pictures: ['final-answer.png'] },
  'zoom-and-scroll.tape': { pictures: ['zoom-thoughts.png', 'zoom-help.png'] },
  'light-theme.tape': { pictures: ['light-theme.png', 'light-theme-timeline.png'] },
  'sixteen-agents.tape': { pictures: ['sixteen-agents.png'] },
  'wide-terminal.tape': { pictures: ['wide-terminal.png'] },
  'narrow-terminal.tape': { pictures: ['narrow-judging.png', 'narrow-terminal.png', 'narrow-panes.png'] },
  'cancel.tape': { pictures: ['cancel.png'] },
  'pipe.tape': { pictures: ['pipe.png'] },
};
