import type { RunEvent } from '../../src/events/event.ts';
import type { Command, RunHandle } from '../../src/events/run-handle.ts';
import type { Clock } from '../../src/platform/clock.ts';

export interface ScriptedHandle extends RunHandle {
  /** What was sent to the run. */
  readonly commands: Command[];
}

/** A run that plays written events: as fast as they come, or `speed` times as fast as they happened. */
export function scriptedHandle(events: readonly RunEvent[], clock: Clock, speed: number): ScriptedHandle {
  const listeners = new Set<(event: RunEvent) => void>();
  const past: RunEvent[] = [];
  const commands: Command[] = [];
  const end = Promise.withResolvers<void>();
  let isCancelled = false;
  const emit = (event: RunEvent): void => {
    past.push(event);
    for (const listener of listeners) listener(event);
    if (event.type === 'run.finished') end.resolve();
  };
  const step = (index: number): void => {
    const event = events[index];
    if (!event || isCancelled) return;
    emit(event);
    const next = events[index + 1];
    if (next) clock.after((next.at - event.at) / speed, () => step(index + 1));
  };
  return {
    id: 'run-0001',
    dir: '/tmp/run-0001',
    commands,
    subscribe: (listener) => {
      for (const event of past) listener(event);
      listeners.add(listener);
      if (past.length === 0) {
        if (speed === Infinity) for (const event of events) emit(event);
        else step(0);
      }
      return () => listeners.delete(listener);
    },
    send: (command) => {
      commands.push(command);
      const last = past.at(-1);
      if (command.type !== 'cancel' || isCancelled || !last || last.type === 'run.finished') return;
      isCancelled = true;
      emit({ ...last, seq: last.seq + 1, type: 'run.cancelled', data: { by: command.by } } as RunEvent);
      emit({
        ...last,
        seq: last.seq + 2,
        type: 'run.finished',
        data: { outcome: 'cancelled', reason: 'you cancelled it' },
      } as RunEvent);
    },
    ended: end.promise,
  };
}
