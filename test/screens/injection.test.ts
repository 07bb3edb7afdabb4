import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/events/event.ts';
import { insertText } from '../../src/tui/input/editor.ts';
import { drawDiff } from '../../src/tui/render/draw.ts';
import { Sanitizer } from '../../src/tui/text/sanitize.ts';
import { loadTheme } from '../../src/tui/theme/load-theme.ts';
import { StyleTable } from '../../src/tui/theme/style-table.ts';
import type { Model } from '../../src/tui/view/model.ts';
import { paintFrame } from '../../src/tui/view/paint.ts';
import { buildFrame } from '../../src/tui/view/screen.ts';
import { modelOf } from '../tui/models.ts';
import { ATTACKS, foundControl, poisoned } from './hostile.ts';
import { agentInfos, scriptedRun } from './scripted-events.ts';

const table = new StyleTable(loadTheme('dark'), 'truecolor');

/** Everything that is sent to show this model on an empty screen. */
function sent(model: Model): string {
  const frame = buildFrame(model);
  const rows = paintFrame(frame);
  const options = { table, isSynchronized: true, isFull: true, cursor: frame.cursor, isCursorMoved: true };
  return drawDiff(rows, paintFrame({ ...frame, areas: [] }), options);
}

/** Several attacks in one text, each on a line of its own, since a line ends what does not end by itself. */
const BATCHES = Array.from({ length: Math.ceil(ATTACKS.length / 12) }, (_, i) =>
  ATTACKS.slice(i * 12, (i + 1) * 12).join('x\n'),
);

/** Attacks of which something came through a screen. */
function leaks(screen: (attack: string) => string): string[] {
  return BATCHES.flatMap((attack) => {
    const found = foundControl(screen(attack));
    return found === null ? [] : [`${JSON.stringify(attack)} let ${found} through`];
  });
}

const run = (attack: string, agents = 4): RunEvent[] => poisoned(scriptedRun({ agents }), attack);

const SCREENS: [name: string, change: Partial<Model>, agents?: number][] = [
  ['panes', {}],
  ['panes beside the rail', { cols: 200, rows: 50 }],
  ['one pane with thoughts', { isZoomed: true, showReasoning: true, cols: 120, rows: 60 }],
  ['panes without the Markdown renderer', { renderMarkdown: null }],
  ['the list of agents', { cols: 70, rows: 16 }, 16],
  ['tabs', { cols: 44, rows: 12 }],
  ['the timeline', { view: 'timeline', cols: 120, rows: 40 }],
  ['the final answer', { view: 'final', cols: 120, rows: 60 }],
  ['the help over panes', { isHelpOpen: true }],
  ...(['answers', 'ballots', 'events', 'cost', 'context'] as const).map((view): [string, Partial<Model>] => [
    `the screen for ${view}`,
    { view, cols: 120, rows: 50 },
  ]),
];

describe('nothing that somebody else wrote can control the terminal', () => {
  it('has a corpus that is dangerous as it is', () => {
    expect(ATTACKS.filter((attack) => foundControl(attack) === null && !/^\x1b\[\d*(;\d+)*[mH]$/.test(attack))).toEqual(
      [],
    );
  });

  it.each(SCREENS)('on %s', (_name, change, agents) => {
    expect(leaks((attack) => sent(modelOf(run(attack, agents), change)))).toEqual([]);
  });

  it('in the names of teams and models, and in what is wrong with them', () => {
    const screen = (attack: string): string => {
      const bad = (text: string): string => `${attack}${text}${attack}${text}`;
      const agents = agentInfos(2).map((info) => ({ ...info, id: bad(info.id), model: bad(info.model) }));
      const team = { name: bad('team'), agents };
      const select = (): Promise<typeof team> => Promise.resolve(team);
      const teams = [{ name: bad('team'), description: bad('words'), agents, trouble: bad('no key'), select }];
      const home = sent(modelOf([], { team }));
      return home + sent(modelOf([], { team: null, teams, view: 'picker', isEditing: false }));
    };
    expect(leaks(screen)).toEqual([]);
  });

  it('in a message of the last row and in pasted text', () => {
    const screen = (attack: string): string => {
      const model = modelOf([], { message: { tone: 'err', text: `bad${attack}news` } });
      return sent({ ...model, editor: insertText(model.editor, `a${attack}b\n${attack}`) });
    };
    expect(leaks(screen)).toEqual([]);
  });

  it('in streamed text, wherever the stream is cut', () => {
    const start = scriptedRun({ agents: 1, until: 'drafting' });
    const at = start.findIndex((event) => event.type === 'text.appended');
    const model = modelOf(start.slice(0, at));
    const first = start[at];
    const say = (text: string): void => model.run?.apply({ ...first, data: { ...first?.data, text } } as RunEvent);
    for (const attack of ATTACKS) {
      for (let cut = 0; cut <= attack.length; cut++) {
        say(`**bo${attack.slice(0, cut)}`);
        say(`${attack.slice(cut)}ld** \`co${attack}de\`\n`);
      }
    }
    const all = model.run?.transcript('agent1').list.blocks.map((block) => ('text' in block ? block.text : '')) ?? [];
    expect(all.join('').length).toBeGreaterThan(10_000);
    expect(foundControl(all.join('').replaceAll(/[\n\t]/g, ''))).toBeNull();
    expect(foundControl(sent(model))).toBeNull();
  });

  it('even where a view forgot to make its text harmless', () => {
    const screen = (attack: string): string => {
      const frame = buildFrame(modelOf([]));
      const lines = attack.split('\n').map((text) => [{ text: `a${text}b`, style: 0 }]);
      const area = { layer: 'main', x: 0, y: 1, width: 60, height: 20, lines, fill: 0 } as const;
      const rows = paintFrame({ ...frame, areas: [area] });
      const options = { table, isSynchronized: false, isFull: true, cursor: null, isCursorMoved: false };
      return drawDiff(rows, paintFrame({ ...frame, areas: [] }), options);
    };
    expect(leaks(screen)).toEqual([]);
  });

  it('in a stream of single bytes that is decoded as it comes', () => {
    const found = ATTACKS.flatMap((attack) => {
      const door = new Sanitizer();
      const decoder = new TextDecoder();
      let text = '';
      for (const byte of new TextEncoder().encode(`a${attack}b${attack}`)) {
        text += door.push(decoder.decode(Uint8Array.of(byte), { stream: true }));
      }
      const control = foundControl((text + door.end()).replaceAll(/[\n\t]/g, ''));
      return control === null ? [] : [`${JSON.stringify(attack)} let ${control} through`];
    });
    expect(found).toEqual([]);
  });
});
