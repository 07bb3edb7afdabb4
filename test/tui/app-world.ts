import type { RunEvent } from '../../src/events/event.ts';
import type { RunHandle } from '../../src/events/run-handle.ts';
import { App } from '../../src/tui/app/app.ts';
import { createModel } from '../../src/tui/app/model.ts';
import type { TuiPorts } from '../../src/tui/ports.ts';
import type { TeamChoice } from '../../src/tui/teams.ts';
import { frameText } from '../../src/tui/view/paint.ts';
import { buildFrame } from '../../src/tui/view/screen.ts';
import { agentInfos, scriptedRun } from '../screens/scripted-events.ts';
import { scriptedHandle, type ScriptedHandle } from '../screens/scripted-handle.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';

/** An app without a terminal, and what it did. */
export interface World {
  app: App;
  clock: FakeClock;
  log: string[];
  questions: string[];
  handles: ScriptedHandle[];
  frames: { count: number };
  keys(...keys: string[]): void;
  type(text: string): void;
  text(): string;
}

interface Setup {
  events?: RunEvent[];
  speed?: number;
  question?: string | null;
  teams?: TeamChoice[];
  start?: (question: string) => Promise<RunHandle>;
  ports?: TuiPorts;
}

/** Lets promises go on. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

/** Opens the app on a scripted run. */
export function world({
  events = scriptedRun({ agents: 3 }),
  speed = Infinity,
  question = null,
  teams,
  start,
  ports = {},
}: Setup = {}): World {
  const clock = createFakeClock();
  const log: string[] = [];
  const questions: string[] = [];
  const handles: ScriptedHandle[] = [];
  const frames = { count: 0 };
  const team = teams ? null : { name: 'four models', agents: agentInfos(3) };
  const model = createModel({ cols: 80, rows: 24, now: clock.now(), ascii: false, team, teams: teams ?? [] });
  const app = new App(
    model,
    {
      clock,
      requestFrame: () => frames.count++,
      start:
        start ??
        ((asked) => {
          questions.push(asked);
          const handle = scriptedHandle(events, clock, speed);
          handles.push(handle);
          return Promise.resolve(handle);
        }),
      toggleTheme: () => log.push('theme'),
      redraw: () => log.push('redraw'),
      ports,
      copyToTerminal: (text) => {
        log.push(`terminal ${text.length}`);
        return text.length < 500;
      },
      suspend: () => log.push('suspend'),
      leave: (reason) => log.push(`leave ${reason}`),
    },
    question,
  );
  app.begin();
  const keys = (...list: string[]): void => {
    for (const key of list) app.handle({ kind: 'key', key, text: key.length === 1 ? key : key === 'space' ? ' ' : '' });
  };
  return {
    app,
    clock,
    log,
    questions,
    handles,
    frames,
    keys,
    type: (text) => keys(...text.split('').map((ch) => (ch === ' ' ? 'space' : ch))),
    text: () => frameText(buildFrame({ ...app.model, now: clock.now() })).join('\n'),
  };
}

/** A run whose agents still draft. */
export const drafting = scriptedRun({ agents: 3, until: 'drafting' });
