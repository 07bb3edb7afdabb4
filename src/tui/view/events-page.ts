import type { RunEvent } from '../../events/event.ts';
import type { RunState } from '../../coordination/state.ts';
import { elapsedMs } from '../../coordination/views.ts';
import { sanitize, sanitizeLine } from '../text/sanitize.ts';
import { style } from '../theme/style.ts';
import type { BrowserPage } from './browser-page.ts';
import { formatClock, plural } from './format.ts';
import { span, type Line } from './line.ts';
import type { Model } from './model.ts';
import { nameSpan } from './names.ts';
import { wrappedLines } from './wrapped-lines.ts';

const FG = style('fg');
const DIM = style('dim');
/** Longer data is cut, and says so. */
const MAX_DETAIL = 40_000;

/** Every event of the log but the streamed text, as it is written there. */
export function eventsPage(model: Model, state: RunState): BrowserPage {
  const events = shownEvents(model);
  const { filter } = model.browse.events;
  const named = filter === '' ? '' : `  filter: ${sanitizeLine(filter)}`;
  return {
    title: `${plural(events.length, 'event')}${named}`,
    count: events.length,
    empty: filter === '' ? 'no event yet' : 'no event matches the filter',
    start: Math.max(0, events.length - 1),
    row: (index) => {
      const event = events[index];
      if (!event) return [];
      const who = event.agent === undefined ? [] : [span('  ', FG), nameSpan(state, event.agent)];
      return [
        span(`${String(event.seq).padStart(5)} ${formatClock(elapsedMs(state, event.at))} `, DIM),
        span(sanitizeLine(event.type), FG),
        ...who,
      ];
    },
    detailTitle: (index) => {
      const event = events[index];
      return event ? `${event.seq} ${sanitizeLine(event.type)}` : '';
    },
    detail: (index, width) => {
      const event = events[index];
      return event ? eventLines(model, event, width) : [];
    },
  };
}

/** Events that the filter lets through: every word of it stands in the type, the agent or the number. */
export function shownEvents(model: Model): readonly RunEvent[] {
  const events = model.run?.events ?? [];
  const words = model.browse.events.filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return events;
  return events.filter((event) => {
    const id = event.agent === undefined ? '' : (model.run?.state?.agents[event.agent]?.info.id ?? '');
    const text = `${event.seq} ${event.type} ${event.agent ?? ''} ${id}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function eventLines(model: Model, event: RunEvent, width: number): Line[] {
  return model.cache.document(['event', event.run, event.seq, width].join(' '), () => {
    const whole = JSON.stringify(event, null, 2);
    // Line breaks inside texts are shown as such, which is what one comes here to read.
    const text = sanitize(whole.slice(0, MAX_DETAIL).replaceAll('\\n', '\n    '));
    const lines = wrappedLines(text, width, FG);
    if (whole.length > MAX_DETAIL)
      lines.push([span(`cut here: ${whole.length - MAX_DETAIL} more characters in the run log`, DIM)]);
    return lines;
  });
}
