import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compareFrame } from './golden.ts';
import { playTape, readTape } from './player.ts';
import { TAPES } from './stage.ts';

const names = readdirSync(TAPES).filter((name) => name.endsWith('.tape') && name !== 'settings.tape');

describe('tapes', () => {
  it.each(names)('%s shows what it showed before', { timeout: 60_000 }, async (name) => {
    const compared: string[] = [];
    await playTape(readTape(name), {
      pace: 'test',
      onScreenshot: async (shot, screen) => {
        const { actual, expected } = await compareFrame(name, shot.path, screen);
        expect({ [shot.path]: actual }).toEqual({ [shot.path]: expected });
        compared.push(shot.path);
      },
    });
    expect(compared).not.toEqual([]);
  });
});
