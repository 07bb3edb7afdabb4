import { describe, expect, it } from 'vitest';
import { parseCast, type Cast } from '../../../src/evaluation/recording/cast.ts';
import { contrastOf, ScreenMeter, type ScreenFacts } from '../../../src/evaluation/recording/measure-screens.ts';
import { replayCast } from '../../../src/evaluation/recording/replay-cast.ts';
import { Transcript } from '../../../src/evaluation/recording/transcript.ts';

const ENTER = '\x1b[?1049h\x1b[2J\x1b[H';
const LONG = 'A line of words that is long enough.';

async function factsOf(...outputs: [at: number, text: string][]): Promise<ScreenFacts> {
  const meter = new ScreenMeter();
  await replayCast(castOf(...outputs), false, (screen) => meter.add(screen));
  return meter.facts();
}

function castOf(...outputs: [at: number, text: string][]): Cast {
  return { size: { cols: 60, rows: 4 }, outputs: outputs.map(([at, text]) => ({ at, text })) };
}

describe('what is measured of a recording', () => {
  it('is the time until text is on the screen of the app, not of the shell', async () => {
    const facts = await factsOf([50, '> massgen'], [100, ENTER], [180, 'Hello'], [400, ' you']);
    expect({ first: facts.firstFrameMs, screens: facts.screens, lasted: facts.durationMs }).toEqual({
      first: 180,
      screens: 3,
      lasted: 220,
    });
  });

  it('is the contrast of every pair of colours that text was shown in', async () => {
    const red = '\x1b[38;2;119;0;0m\x1b[48;2;0;0;0mfaint\x1b[0m';
    const inverse = '\x1b[7mstrong\x1b[0m';
    const { contrasts } = await factsOf([100, `${ENTER}${red} ${inverse} ──`]);
    expect(contrasts).toEqual([
      { fg: '#770000', bg: '#000000', ratio: 1.78, cells: 5, example: 'faint' },
      { fg: '#171717', bg: '#dddddd', ratio: 13.2, cells: 6, example: 'strong' },
    ]);
  });

  it('is text that ends in an ellipsis at a border or at the end of a row', async () => {
    const { cutOff } = await factsOf([100, `${ENTER}A very long na… │ whole… text │ b\r\nThe end…`]);
    expect(cutOff).toEqual(['A very long na…', 'The end…']);
  });

  it('is text that goes away and comes back', async () => {
    const { flicker } = await factsOf(
      [100, `${ENTER}${LONG}`],
      [140, '\x1b[2J'],
      [180, `\x1b[H${LONG}`],
      [2000, '\x1b[2J'],
      [2800, `\x1b[H${LONG}`],
    );
    expect(flicker).toEqual({ count: 1, worst: { at: 140, cells: LONG.replaceAll(' ', '').length } });
  });

  it('takes output that comes at once for one picture', async () => {
    const { flicker, screens } = await factsOf([100, `${ENTER}${LONG}`], [140, '\x1b[2J'], [145, `\x1b[H${LONG}`]);
    expect({ flicker, screens }).toEqual({ flicker: { count: 0, worst: null }, screens: 2 });
  });
});

it('contrast is what WCAG 2 says', () => {
  expect([
    contrastOf('#000000', '#ffffff'),
    contrastOf('#777777', '#ffffff'),
    contrastOf('#abcdef', '#abcdef'),
  ]).toEqual([21, 4.48, 1]);
});

it('a transcript has the screens that stood still, and the last', async () => {
  const transcript = new Transcript();
  const cast = castOf([100, `${ENTER}one`], [150, ' two'], [900, ' three'], [950, ' four']);
  await replayCast(cast, false, (screen) => transcript.add(screen));
  expect(transcript.toString()).toBe('──── 0.1 s ────\none two\n\n──── 0.9 s ────\none two three four\n');
});

describe('a cast', () => {
  it('is read without what is no output, and without a torn end', () => {
    const lines = ['{"version":2,"width":80,"height":24}', '[0.5,"o","a"]', '[0.6,"i","x"]', '{"x":1}', '[0.7,"o","b'];
    expect(parseCast(lines.join('\n'))).toEqual({ size: { cols: 80, rows: 24 }, outputs: [{ at: 500, text: 'a' }] });
  });

  it.each(['', 'x', '{"version":1,"width":80,"height":24}', '{"version":2}'])(
    'is none without its header: %j',
    (text) => {
      expect(parseCast(text)).toBeNull();
    },
  );
});
