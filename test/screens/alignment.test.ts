import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/events/event.ts';
import { loadTheme } from '../../src/tui/theme/load-theme.ts';
import { setWidthModel, type WidthModel } from '../../src/tui/text/width.ts';
import { StyleTable } from '../../src/tui/theme/style-table.ts';
import type { Model } from '../../src/tui/view/model.ts';
import { paintFrame } from '../../src/tui/view/paint.ts';
import { buildFrame } from '../../src/tui/view/screen.ts';
import { Surface } from '../../src/tui/widgets/surface.ts';
import { SCRIPTS } from '../tui/corpus.ts';
import { modelOf } from '../tui/models.ts';
import { CLUSTERS, createEmulator } from './emulator.ts';
import { scriptedRun } from './scripted-events.ts';

/** Text whose width terminals disagree about, on top of the scripts. */
const DISPUTED = [
  ...SCRIPTS,
  '👨‍👩‍👧‍👦 family',
  '🏳️‍🌈🏴‍☠️ flags by joiner',
  '🇩🇪🇫🇷🇯🇵🇺 flags and half of one',
  '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} tags',
  '☺️☺︎✔️✔︎▶️ variation selectors',
  '0️⃣#️⃣*️⃣ keycaps',
  '👩🏽‍🚀👋🏿 skin',
  'क्ष्म्य र्‍य ক্ষ கௌ ക്ഷ ක්‍ෂ',
  'நி ගේ ြွ',
  'กำลัง ลาว ກຳ',
  'ﷺ ﷽ wide in some fonts',
  '①②③ ℃ ㍿ ꧁ ambiguous',
  '\u1100\u1161\u11a8 한글 jamo',
  'a\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307 stacked',
  '\u0640\u0651 שָׁלוֹם العَرَبِيَّة rtl',
  '𝔘𝔫𝔦𝔠𝔬𝔡𝔢 🀄🃏 𓀀 🫠🫱🏻‍🫲🏿 new',
  '｡ｶﾞ゙ half',
  '\u2028\u2029line separators',
  '———––… “quotes” • ─│╭',
];
const table = new StyleTable(loadTheme('dark'), 'truecolor');
const COLS = 80;
const ROWS = 24;

/** A run in which every agent says that text, in lines of growing length, so that it meets every edge of its pane. */
function saying(text: string): RunEvent[] {
  const lines = Array.from({ length: 12 }, (_, i) => `${'x'.repeat(i)}${text} ${text}${text}`).join('\n\n');
  return scriptedRun({ agents: 4, until: 'drafting' }).map((event) =>
    event.type === 'text.appended' ? { ...event, data: { ...event.data, text: `${lines}\n` } } : event,
  );
}

/** Places where the terminal shows something else than a line of the frame should show, after all these pictures. */
async function misaligned(models: readonly Model[], version: string): Promise<string[]> {
  const terminal = createEmulator(COLS, ROWS);
  terminal.unicode.activeVersion = version;
  const surface = new Surface(COLS, ROWS);
  const out = models.map((model) => surface.show(buildFrame(model), table, false)).join('');
  await new Promise<void>((resolve) => terminal.write(out, resolve));
  const last = models.at(-1);
  if (!last) return ['no picture'];
  const buffer = terminal.buffer.active;
  return paintFrame(buildFrame(last)).flatMap((row, y) =>
    row.flatMap(([, ch], x) => {
      if (ch !== '│' && ch !== '═') return [];
      const shown = buffer.getLine(y)?.getCell(x)?.getChars();
      return shown === ch ? [] : [`row ${y} column ${x} shows ${JSON.stringify(shown)} instead of ${ch}`];
    }),
  );
}

/** Terminals, and what the program takes them for; one that takes clusters for pictures may not have said so. */
const TERMINALS: readonly [version: string, model: WidthModel][] = [
  ['6', 'characters'],
  ['11', 'characters'],
  [CLUSTERS, 'characters'],
  [CLUSTERS, 'clusters'],
  ['11', 'clusters'],
];

describe.each(TERMINALS)('in a terminal with the widths of Unicode %s, taken for one of %s', (version, widths) => {
  beforeAll(() => setWidthModel(widths));
  afterAll(() => setWidthModel('characters'));

  it.each(DISPUTED.map((text) => [text]))('no border moves beside: %s', async (text) => {
    const model = modelOf(saying(text), { cols: COLS, rows: ROWS });
    expect(await misaligned([model], version)).toEqual([]);
  });

  it('no border moves when all of it is drawn over each other', async () => {
    const models = DISPUTED.map((text) => modelOf(saying(text), { cols: COLS, rows: ROWS }));
    for (let i = 2; i <= models.length; i++) expect(await misaligned(models.slice(i - 2, i), version)).toEqual([]);
    expect(await misaligned(models, version)).toEqual([]);
  });

  it('no border of a window over it moves', async () => {
    const models = DISPUTED.flatMap((text) => {
      const model = modelOf(saying(text), { cols: COLS, rows: ROWS });
      return [model, { ...model, isHelpOpen: true }, { ...model, isQuitAsked: true }];
    });
    for (let i = 2; i <= models.length; i++) expect(await misaligned(models.slice(i - 2, i), version)).toEqual([]);
  });
});
