import type { RunState } from '../../coordination/state.ts';
import { agentOf } from '../../coordination/views.ts';
import { numberOf } from '../store/run-store.ts';
import { sanitizeLine } from '../text/sanitize.ts';
import { onGround, style } from '../theme/style.ts';
import { agentToken } from '../theme/tokens.ts';
import { describeStatus } from './agent-status.ts';
import type { Area, Rect } from './frame.ts';
import { clipLine, lineWidth, span, spread, type Line } from './line.ts';
import type { Model } from './model.ts';
import { paneAreas } from './pane.ts';
import { paneLayout } from './pane-layout.ts';
import { runNow } from './run-time.ts';
import { separatorArea, titleRule } from './timeline-view.ts';
import { keyWord } from './key-of.ts';

const FG = style('fg');
const DIM = style('dim');

/** All agents in the shape that the room allows. An agent that is out of sight is always counted in words. */
export function agentsAreas(model: Model, state: RunState, rect: Rect): Area[] {
  const panes = model.run?.panes ?? [];
  const layout = paneLayout(model, rect);
  const focused = panes[model.focus];
  if (focused === undefined) return [];
  switch (layout.kind) {
    case 'grid':
      return [
        ...(layout.tabs ? [tabsArea(model, state, layout.tabs, layout.shown)] : []),
        ...layout.separators.map((separator) => separatorArea(separator, model.glyphs)),
        ...layout.panes.flatMap((pane, i) => {
          const alias = panes[layout.shown[i] ?? i];
          return alias === undefined ? [] : paneAreas(model, state, alias, pane, `pane-${i}`);
        }),
      ];
    case 'zoom': {
      if (panes.length <= 1) return paneAreas(model, state, focused, layout.pane, 'pane-0');
      const tabs = { ...layout.pane, height: 1 };
      const pane = { ...layout.pane, y: layout.pane.y + 1, height: layout.pane.height - 1 };
      return [tabsArea(model, state, tabs), ...paneAreas(model, state, focused, pane, 'pane-0')];
    }
    case 'list':
      return [
        listArea(model, state, layout.list),
        separatorArea(layout.separator, model.glyphs),
        ...paneAreas(model, state, focused, layout.pane, 'pane-0'),
      ];
    case 'tabs':
      return [tabsArea(model, state, layout.tabs), ...paneAreas(model, state, focused, layout.pane, 'pane-0')];
  }
}

/** One row per agent: number, name, what it does. */
function listArea(model: Model, state: RunState, rect: Rect): Area {
  const panes = model.run?.panes ?? [];
  const room = rect.height - 1;
  const isCut = panes.length > room;
  const height = isCut ? room - 1 : room;
  const top = Math.max(0, Math.min(model.focus - Math.floor(height / 2), panes.length - height));
  const rows = panes.slice(top, top + height).map((alias, i): Line => {
    const isFocused = top + i === model.focus;
    const ground = isFocused ? 'pick' : 'bg';
    const number = numberOf(alias);
    const status = describeStatus(state, alias, runNow(model, state), model.glyphs, model.run?.waits.get(alias));
    const digits = String(number).padStart(panes.length > 9 ? 2 : 1);
    const left: Line = [
      span(isFocused ? '>' : ' ', style('focus', ['bold'], ground)),
      span(`${digits} `, style(agentToken(number), ['bold'], ground)),
      span(sanitizeLine(agentOf(state, alias).info.id), style(agentToken(number), isFocused ? ['bold'] : [], ground)),
    ];
    // The name gives way, but not to nothing: the word does after it.
    const word = clipLine(
      [span(`${status.sign} ${shortWord(status.word)} `, onGround(status.style, ground))],
      Math.max(6, rect.width - 12),
      model.glyphs.cut,
    );
    return spread(left, word, rect.width, style('fg', [], ground), model.glyphs.cut);
  });
  if (isCut) rows.push([span(` +${panes.length - rows.length} more, ${keyWord(model, 'focus-next')} goes on`, DIM)]);
  return {
    layer: 'list',
    ...rect,
    lines: [titleRule(`${panes.length} agents`, rect.width, model.glyphs), ...rows],
    fill: FG,
  };
}

/** `→agent2.1` says enough beside the sign of a vote. */
function shortWord(word: string): string {
  return word.replace(/^voted(?=\W)/, '');
}

/** Numbers and signs of as many agents as fit around the focused one; the rest is counted. */
function tabsArea(model: Model, state: RunState, rect: Rect, shown = [model.focus]): Area {
  const panes = model.run?.panes ?? [];
  const tabs = panes.map((alias, i): Line => {
    const number = numberOf(alias);
    const status = describeStatus(state, alias, runNow(model, state), model.glyphs, model.run?.waits.get(alias));
    const ground = shown.includes(i) ? 'pick' : 'bar';
    const id = style(agentToken(number), i === model.focus ? ['bold', 'underline'] : [], ground);
    return [span(` ${number}`, id), span(`${status.sign} `, onGround(status.style, ground))];
  });
  const room = rect.width - 18;
  let first = model.focus;
  let last = model.focus;
  let used = lineWidth(tabs[model.focus] ?? []);
  for (let grew = true; grew;) {
    grew = false;
    for (const next of [last + 1, first - 1]) {
      const tab = tabs[next];
      if (!tab || used + lineWidth(tab) > room) continue;
      used += lineWidth(tab);
      first = Math.min(first, next);
      last = Math.max(last, next);
      grew = true;
    }
  }
  const hidden = panes.length - (last - first + 1);
  const next = keyWord(model, 'focus-next');
  const rest = model.isZoomed
    ? `${keyWord(model, 'zoom')} shows all`
    : shown.length > 1
      ? `${keyWord(model, 'back')} shows all`
      : `${next} next`;
  const right = hidden > 0 ? `+${hidden} more, ${next} ` : `${rest} `;
  const line = spread(
    tabs.slice(first, last + 1).flat(),
    [span(right, style('dim', [], 'bar'))],
    rect.width,
    style('fg', [], 'bar'),
  );
  return { layer: 'list', ...rect, lines: [line], fill: style('fg', [], 'bar') };
}
