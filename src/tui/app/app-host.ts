import type { AnswerLabel, RunOutcome } from '../../events/event.ts';
import type { RunHandle } from '../../events/run-handle.ts';
import type { Clock } from '../../platform/clock.ts';
import type { TuiPorts } from '../ports.ts';
import type { SetupPort } from '../setup.ts';
import type { Themes } from './theme-picker.ts';

/** What the last run gave to the user; `label` and `outcome` are null where there is none yet. */
export interface LastFinal {
  text: string;
  label: AnswerLabel | null;
  outcome: RunOutcome | null;
}

/** What the app asks of the world around it. */
export interface AppHost {
  clock: Clock;
  requestFrame(reason: 'data' | 'input'): void;
  start(question: string): Promise<RunHandle>;
  /** The run is only played from its log: nothing can be cancelled or changed. */
  isReplay?: boolean;
  toggleTheme(): void;
  /** Takes the mouse or leaves it to the terminal, whose own selection works then. True if it is ours now. */
  toggleMouse?(): boolean;
  /** Draws the user's attention to a terminal that is not in front. */
  ring?(text: string): void;
  themes?: Themes;
  redraw(): void;
  /** What the computer offers; nothing by default. */
  ports?: TuiPorts;
  /** What can be set up, loaded when it is needed; nothing by default. */
  setup?: () => Promise<SetupPort>;
  /** Asks the terminal to take text into the clipboard; false where it is too long for that. */
  copyToTerminal?(text: string): boolean;
  /** Lets the user change a text in an editor that has the terminal meanwhile. Rejects with a MassgenError. */
  editOutside?: (text: string) => Promise<string>;
  /** Shows a text in a pager that has the terminal meanwhile. Rejects with a MassgenError. */
  openOutside?: (text: string) => Promise<void>;
  suspend(): void;
  /** The app is over. Called once. */
  leave(reason: 'quit' | 'interrupted'): void;
}
