import type { RunEvent } from '../../src/events/event.ts';
import { createModel } from '../../src/tui/app/model.ts';
import { RunStore } from '../../src/tui/store/run-store.ts';
import { renderDiff } from '../../src/tui/view/answer-diff.ts';
import type { Model } from '../../src/tui/view/model.ts';
import { renderMarkdown } from '../../src/tui/view/markdown.ts';
import { agentInfos, START } from '../screens/scripted-events.ts';

export function storeOf(events: readonly RunEvent[]): RunStore {
  const run = new RunStore();
  for (const event of events) run.apply(event);
  return run;
}

/** A model as it is 65 seconds into a run of these events. */
export function modelOf(events: readonly RunEvent[], change: Partial<Model> = {}): Model {
  const run = events.length === 0 ? null : storeOf(events);
  const started = events[0]?.type === 'run.started' ? events[0] : null;
  const agents = started?.data.agents ?? agentInfos(3);
  const base = createModel({
    cols: 80,
    rows: 24,
    now: START + 65_000,
    ascii: false,
    team: { name: 'four models', agents },
    teams: [],
  });
  const isRunActive = run !== null && run.state?.end === null;
  return {
    ...base,
    run,
    heardAt: run?.state?.updatedAt ?? base.now,
    isRunActive,
    isEditing: run === null,
    view: run ? 'panes' : 'home',
    renderMarkdown,
    renderDiff,
    ...change,
  };
}
