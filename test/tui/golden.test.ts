import { describe, expect, it } from 'vitest';
import { frameText, paintFrame } from '../../src/tui/view/paint.ts';
import { buildFrame } from '../../src/tui/view/screen.ts';
import { textWidth } from '../../src/tui/text/width.ts';
import { agentInfos, scriptedRun } from '../screens/scripted-events.ts';
import { modelOf } from './models.ts';
import { CASES } from './screen-cases.ts';

const SIZES = [
  [80, 24],
  [120, 40],
  [200, 50],
] as const;
describe.each(SIZES)('at %ix%i', (cols, rows) => {
  it.each(CASES)('draws %s', async (name, make) => {
    const text = frameText(buildFrame({ ...make(), cols, rows })).join('\n');
    await expect(`${text}\n`).toMatchFileSnapshot(`golden/${name}-${cols}x${rows}.txt`);
  });
});

describe('every picture', () => {
  const sizes = [
    [10, 3],
    [39, 9],
    [40, 10],
    [44, 12],
    [60, 16],
    [79, 23],
    [100, 30],
    [130, 20],
    [300, 80],
  ] as const;
  it.each(CASES)('of %s fills any screen exactly', (_name, make) => {
    for (const [cols, rows] of sizes) {
      const frame = buildFrame({ ...make(), cols, rows });
      const cells = paintFrame(frame);
      expect([cells.length, new Set(cells.map((row) => row.length))]).toEqual([rows, new Set([cols])]);
      for (const row of cells) expect(textWidth(row.map(([, ch]) => ch).join(''))).toBe(cols);
    }
  });

  it.each(CASES)('of %s cuts no line without a sign', (_name, make) => {
    for (const [cols, rows] of sizes) {
      const frame = buildFrame({ ...make(), cols, rows });
      for (const area of frame.areas) {
        for (const line of area.lines.slice(0, area.height)) {
          const width = textWidth(line.map((piece) => piece.text).join(''));
          expect({
            layer: area.layer,
            cols,
            isWithin: width <= area.width,
            text: line.map((p) => p.text).join(''),
          }).toMatchObject({ isWithin: true });
        }
      }
    }
  });

  it.each(CASES)('of %s stays on the screen', (_name, make) => {
    for (const [cols, rows] of sizes) {
      for (const area of buildFrame({ ...make(), cols, rows }).areas) {
        expect(area.x >= 0 && area.y >= 0 && area.x + area.width <= cols && area.y + area.height <= rows).toBe(true);
      }
    }
  });

  it('says what is needed where there is no room', () => {
    const text = frameText(buildFrame({ ...modelOf([]), cols: 30, rows: 8 }));
    expect(text.filter((row) => row !== '').map((row) => row.trim())).toEqual(['have 30x8', 'need 40x10']);
  });

  it.each([
    [80, 24],
    [44, 12],
    [40, 10],
    [200, 50],
  ])('says at %ix%i that no model is called, while it runs', (cols, rows) => {
    const model = modelOf(scriptedRun({ agents: 3, until: 'drafting', isModel: false }), { cols, rows });
    expect(frameText(buildFrame(model)).join('\n')).toContain('no model is called');
  });

  it.each([
    [200, 50],
    [80, 24],
    [60, 14],
    [40, 10],
  ])('hides none of 16 agents at %ix%i without a word', (cols, rows) => {
    const text = frameText(
      buildFrame(modelOf(scriptedRun({ agents: 16, until: 'drafting' }), { cols, rows, focus: 7 })),
    ).join('\n');
    const seen = agentInfos(16).filter((_, i) => new RegExp(`(^|[^\\d.])${i + 1}[ ●▸↻]`, 'm').test(text)).length;
    const hidden = Number(/\+(\d+) more/.exec(text)?.[1] ?? 0);
    expect(seen + hidden).toBeGreaterThanOrEqual(16);
  });

  it('is the same with a used cache as with a new one', () => {
    const events = scriptedRun({ agents: 4 });
    const grown = modelOf(events.slice(0, 20));
    for (const event of events.slice(20)) {
      grown.run?.apply(event);
      buildFrame(grown);
    }
    expect(frameText(buildFrame(grown))).toEqual(frameText(buildFrame({ ...modelOf(events), isRunActive: true })));
  });
});
