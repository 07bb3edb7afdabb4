import { describe, expect, it } from 'vitest';
import { KEYMAP, type Keymap } from '../../src/tui/input/keymap.ts';
import { contextOf } from '../../src/tui/view/footer.ts';
import { frameText } from '../../src/tui/view/paint.ts';
import { buildFrame } from '../../src/tui/view/screen.ts';
import { agentInfos, scriptedRun } from '../screens/scripted-events.ts';
import { settle, world, type World } from './app-world.ts';
import { CASES } from './screen-cases.ts';

/** Every key that a user may change is another one. */
const FOREIGN: Keymap = KEYMAP.map((binding, i) =>
  binding.id === 'interrupt' || (binding.keys as readonly string[]).includes('1') || binding.keys.length === 0
    ? binding
    : { ...binding, keys: [`key${i}`], label: `¤${i}` },
);

const NAMES = /(?<![\w-])(?:Enter|Esc|Escape|Tab|S-Tab|Space|PgUp|PgDn|Backspace|Del|Alt-\w|\^(?!C)[A-Z])(?![\w-])/;
/** `q leaves`, `with q`: what a sentence says of a key. */
const LETTER =
  /(?<![\w'$.-])[b-zB-HJ-Z?@] (?:[a-z]+s\b(?! [A-Z])|again\b)|(?<![\w'-])(?:with|by|press|type) [b-zB-HJ-Z?@](?=[ .,;)]|$)/;

/** What names a key that does nothing of the kind. */
function namedKeys(text: string): string[] {
  return text.split('\n').filter((row) => NAMES.test(row) || LETTER.test(row));
}

function foreign(w: World): World {
  w.app.model = { ...w.app.model, keymap: FOREIGN };
  return w;
}

const noTeam = {
  name: 'x',
  description: '',
  agents: agentInfos(2),
  trouble: null,
  select: () => new Promise<never>(() => undefined),
};

const WORLDS: [string, () => World][] = [
  ['no question yet', () => world()],
  ['no team yet', () => world({ teams: [noTeam] })],
  ['a run that goes', () => world({ events: scriptedRun({ agents: 3, until: 'judging' }), question: 'q' })],
  ['a run that has ended', () => world({ question: 'q' })],
];

describe('with other keys for everything', () => {
  it.each(CASES)('no usual key is named on %s', (_name, make) => {
    const model = { ...make(), keymap: FOREIGN };
    for (const [cols, rows] of [
      [80, 24],
      [120, 60],
    ] as const)
      expect(namedKeys(frameText(buildFrame({ ...model, cols, rows })).join('\n'))).toEqual([]);
  });

  it.each(WORLDS)('nothing that any key says names a usual one: %s', async (_name, make) => {
    const first = foreign(make());
    await settle();
    const views = ['', ...FOREIGN.filter(({ section }) => section === 'Views').map(({ id }) => id)];
    const told = new Set<string>();
    for (const view of views) {
      const start = async (): Promise<World> => {
        const w = foreign(make());
        await settle();
        w.app.model = { ...w.app.model, isEditing: false };
        w.keys(...FOREIGN.filter(({ id }) => id === view).flatMap(({ keys }) => keys));
        await settle();
        return w;
      };
      const context = contextOf((await start()).app.model);
      for (const { keys } of FOREIGN.filter((binding) => binding.contexts.includes(context))) {
        const w = await start();
        w.keys(...keys.slice(0, 1));
        await settle();
        for (const row of namedKeys(w.text())) told.add(row);
        told.add(w.app.model.message?.text ?? '');
        w.app.close();
      }
    }
    first.app.close();
    expect([...told].filter((text) => namedKeys(text).length > 0)).toEqual([]);
  });
});
