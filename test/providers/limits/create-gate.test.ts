import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRequestGate, type GateOptions } from '../../../src/providers/limits/create-gate.ts';
import { openDailyFile } from '../../../src/providers/limits/daily-file.ts';
import { parseRateLimits } from '../../../src/providers/limits/parse-rate-limits.ts';
import { DAY_MS } from '../../../src/providers/limits/rate-limiter.ts';

const NOW = Date.UTC(2026, 0, 1);
const FLASH = { type: 'gemini', model: 'gemini-2.5-flash', baseUrl: null };
let home: string;
let problems: string[];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'massgen-limits-'));
  problems = [];
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** How many calls are let through at once, of thirty. */
async function burst(options: Partial<GateOptions>): Promise<number> {
  const onProblem = (message: string): void => void problems.push(message);
  const gate = await createRequestGate({
    configured: null,
    useDefaults: false,
    folder: join(home, '.massgen'),
    now: NOW,
    onProblem,
    ...options,
  });
  let through = 0;
  while (through < 30 && gate.ask(FLASH, () => 1, NOW).do === 'go') through += 1;
  await gate.settled();
  return through;
}

async function writeOwn(text: string): Promise<void> {
  await mkdir(join(home, '.massgen'), { recursive: true });
  await writeFile(join(home, '.massgen', 'rate_limits.yaml'), text);
}

describe('the limits of a run', () => {
  it('are none without the flag, a file and a config', async () => {
    expect(await burst({})).toBe(30);
  });

  it("are MassGen's for Gemini with the flag", async () => {
    expect(await burst({ useDefaults: true })).toBe(9);
  });

  it('per day are on disk when the gate is settled, for the next process', async () => {
    await burst({ useDefaults: true });
    const counts = await readFile(join(home, '.massgen', 'rate_counts.json'), 'utf8');
    // The tenth waits for its minute.
    const times = [...Array<number>(9).fill(NOW), NOW + 60_000];
    expect(JSON.parse(counts)).toEqual({ v: 1, requests: { 'gemini/gemini-2.5-flash': times } });
  });

  it("come from the user's file before the defaults, and from the config before both", async () => {
    await writeOwn('gemini:\n  gemini-2.5-flash: { rpm: 5 }\n');
    expect(await burst({ useDefaults: true })).toBe(5);
    expect(await burst({ configured: { gemini: { 'gemini-2.5-flash': { rpm: 3 } } } })).toBe(3);
    expect(problems).toEqual([]);
  });

  it.each([
    ['a: [b', 'it is no YAML.'],
    [
      'gemini: { default: { rpm: fast } }',
      'gemini.default.rpm is no map of backend types, models and limits (rpm, tpm, rpd).',
    ],
    ['- 1', 'it is no map of backend types, models and limits (rpm, tpm, rpd).'],
  ])('leave a file out that is wrong, and say so: %s', async (text, why) => {
    await writeOwn(text);
    expect(await burst({})).toBe(30);
    expect(problems).toEqual([`${join(home, '.massgen', 'rate_limits.yaml')} does not count: ${why}`]);
  });

  it.each([
    ['', {}],
    ['rate_limits: { xai: { default: { tpm: 5 } } }', { xai: { default: { tpm: 5 } } }],
    ['xai: { default: { tpm: 5 } }', { xai: { default: { tpm: 5 } } }],
  ])('are read with and without the word around them: %s', (text, expected) => {
    expect(parseRateLimits(text)).toEqual(expected);
  });
});

describe('the requests of a day', () => {
  const path = (): string => join(home, 'deep', 'counts.json');
  const open = (now: number) => openDailyFile(path(), { now, onProblem: (message) => void problems.push(message) });

  it('are remembered by the next process, and forgotten after a day', async () => {
    const first = await open(NOW);
    first.note('gemini/a', NOW);
    first.note('gemini/a', NOW + 1);
    first.note('gemini/b', NOW + 2);
    await first.settled();
    expect((await open(NOW + 10)).past).toEqual({ 'gemini/a': [NOW, NOW + 1], 'gemini/b': [NOW + 2] });
    expect((await open(NOW + DAY_MS)).past).toEqual({ 'gemini/a': [NOW + 1], 'gemini/b': [NOW + 2] });
    expect((await open(NOW + DAY_MS + 2)).past).toEqual({});
  });

  it('leave out one that was not made in the end', async () => {
    const configured = { gemini: { default: { rpd: 4 } } };
    const folder = join(home, '.massgen');
    const options = { configured, useDefaults: false, folder, now: NOW, onProblem: () => undefined };
    const gate = await createRequestGate(options);
    const [first, second] = [gate.ask(FLASH, () => 1, NOW), gate.ask(FLASH, () => 1, NOW)];
    if (first.do === 'go') first.pass.giveBack();
    expect(second.do).toBe('go');
    await gate.settled();
    const counts = await readFile(join(folder, 'rate_counts.json'), 'utf8');
    expect(JSON.parse(counts)).toEqual({ v: 1, requests: { 'gemini/gemini-2.5-flash': [NOW] } });
  });

  it('of two processes side by side are kept', async () => {
    const [first, second] = [await open(NOW), await open(NOW)];
    first.note('gemini/a', NOW);
    await first.settled();
    second.note('gemini/a', NOW + 5);
    await second.settled();
    expect((await open(NOW + 10)).past).toEqual({ 'gemini/a': [NOW, NOW + 5] });
  });

  it.each(['', '{"requests": [1]}', '{"requests": {"gemini/a": "x"}}', 'null', '{"v":1,"requests":{"gemini/a":[1,"2"'])(
    'begin anew where the file is damaged: %s',
    async (text) => {
      await mkdir(join(home, 'deep'));
      await writeFile(path(), text);
      const file = await open(NOW);
      expect(file.past).toEqual({});
      file.note('k', NOW);
      await file.settled();
      expect(JSON.parse(await readFile(path(), 'utf8'))).toEqual({ v: 1, requests: { k: [NOW] } });
    },
  );

  it('that cannot be written are told of once, and stop nothing', async () => {
    await writeFile(join(home, 'deep'), 'a file, no folder');
    const file = await open(NOW);
    file.note('k', NOW);
    file.note('k', NOW);
    await file.settled();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('Requests per day cannot be remembered');
  });

  it('count against the limit of the next run', async () => {
    const configured = { gemini: { default: { rpd: 4 } } };
    expect(await burst({ configured })).toBe(4);
    await expect.poll(() => burst({ configured })).toBe(0);
  });
});
