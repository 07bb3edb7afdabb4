import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compareFrame } from './golden.ts';
import { playTape, readTape } from './player.ts';
import { TAPES } from './stage.ts';

const names = readdirSync(TAPES).filter((name) => name.endsWith('.tape') && name !== 'settings.tape');

// They wait most of the time, so several are played at once.
describe('tapes', () => {
  it.concurrent.each(names)('%s shows what it showed before', { timeout: 120_000 }, async (name) => {
    const compared: string[] = [];
    const tape = readTape(name);
    await playTape(tape, {
      pace: 'test',
      onScreenshot: async (shot, screen) => {
        const { actual, expected } = await compareFrame(name, shot.path, screen, tape.isRealTime);
        expect({ [shot.path]: actual }).toEqual({ [shot.path]: expected });
        compared.push(shot.path);
      },
    });
    expect(compared).not.toEqual([]);
  });
});
