import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/events/event.ts';
import { insertText } from '../../src/tui/input/editor.ts';
import { drawDiff } from '../../src/tui/render/draw.ts';
import { Sanitizer } from '../../src/tui/text/sanitize.ts';
import { loadTheme } from '../../src/tui/theme/load-theme.ts';
import { StyleTable } from '../../src/tui/theme/style-table.ts';
import type { Model } from '../../src/tui/view/model.ts';
import { frameText, paintFrame } from '../../src/tui/view/paint.ts';
import { buildFrame } from '../../src/tui/view/screen.ts';
import { titleOf } from '../../src/tui/view/title.ts';
import { contentKey, NO_FILES } from '../../src/tui/files.ts';
import { PATCH_LABEL } from '../../src/tui/view/changes-page.ts';
import { asked, requested } from '../tui/asking-run.ts';
import { modelOf } from '../tui/models.ts';
import { asking, CASES } from '../tui/screen-cases.ts';
import { ATTACKS, foundControl, poisoned } from './hostile.ts';
import { agentInfos, EventWriter, scriptedRun } from './scripted-events.ts';

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

/** What the model holds besides the run, and what of it others have written. */
const HELD = ['sessions', 'turns', 'runPicker', 'teams', 'team', 'setup', 'config', 'message', 'search'] as const;
const WRITTEN =
  /^(?:question|answer|name|title|text|cwd|when|outcome|description|trouble|label|shown|preview|value|key|source|id|model|address|variable|origin|settings|tools|filter|parent)$/;

/** The same model with an attack around every such text. */
function spoiled(model: Model, attack: string): Model {
  const walk = (value: unknown, isWritten: boolean): unknown => {
    if (typeof value === 'string') return isWritten ? `${attack}${value}${attack}` : value;
    if (Array.isArray(value)) return value.map((item) => walk(item, isWritten));
    if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, walk(item, false)]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, WRITTEN.test(key))]));
  };
  const held = HELD.map((name) => [name, walk(model[name], false)]);
  return { ...model, ...(Object.fromEntries(held) as Partial<Model>), cols: 110, rows: 50 };
}

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
  ...(['answers', 'ballots', 'events', 'cost', 'context', 'inspect', 'status', 'files'] as const).map(
    (view): [string, Partial<Model>] => [`the screen for ${view}`, { view, cols: 120, rows: 50 }],
  ),
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

  it.each(CASES)('in what the screen of %s has from files, keys, sessions and the user', (_name, make) => {
    expect(leaks((attack) => sent(spoiled(make(), attack)))).toEqual([]);
  });

  it.each(['sessions', 'turns', 'runs', 'setup-team', 'setup-save', 'picker', 'picker-details', 'home'])(
    'has an attack on the screen of %s, if it is one that can be seen',
    (name) => {
      const make = CASES.find(([each]) => each === name)?.[1] ?? (() => modelOf([]));
      expect(frameText(buildFrame(spoiled(make(), '@@'))).join('\n')).toContain('@@');
    },
  );

  it('in what an agent asks leave for, or asks', () => {
    const screen = (attack: string): string => {
      const bad = (text: string): string => `${attack}${text}${attack}`;
      const args = JSON.stringify({ [bad('title')]: bad('Bug'), body: bad('one\ntwo'), list: [bad('a')] });
      const call = { tool: bad('create_issue'), action: bad('create_issue'), detail: bad(`why\n${args}`) };
      const diff = bad('--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y');
      return [
        asking(requested({ ...call, target: args })),
        asking(requested({ ...call, target: bad('rm -rf dist'), diff })),
        asking(asked({ text: bad('Which?'), options: [{ label: bad('one'), description: bad('first') }] })),
      ]
        .map((model) => sent({ ...model, cols: 120, rows: 60 }))
        .join('');
    };
    expect(leaks(screen)).toEqual([]);
  });

  it('in files that an answer would change, and in the title of the window', () => {
    const screen = (attack: string): string => {
      const bad = (text: string): string => `${attack}${text}${attack}`;
      const out = new EventWriter();
      out.events.push(...run(attack).slice(0, -1));
      const files = [
        { path: bad('a.ts'), change: 'modified' as const, added: 1, removed: 1, isBinary: false, hunks: 2 },
      ];
      out.add('changes.proposed', {
        label: 'agent2.1',
        base: bad('/home/me'),
        files,
        patch: 'p',
        problems: [bad('no')],
      });
      const text = bad(`--- a/${bad('a.ts')}\n+++ b/a.ts\n@@ -1 +1 @@ ${bad('f')}\n-${bad('x')}\n+${bad('y')}\n`);
      const contents = new Map([[contentKey(PATCH_LABEL, 'p'), { kind: 'text' as const, text, isCut: false }]]);
      const model = modelOf(out.events, { view: 'changes', cols: 120, rows: 50, files: { ...NO_FILES, contents } });
      return sent(model) + titleOf(model);
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
