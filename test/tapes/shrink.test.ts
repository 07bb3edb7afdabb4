import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ffmpeg } from './browser.ts';
import { KEPT_PICTURE, shrinkPicture } from './shrink.ts';

describe.skipIf(spawnSync('ffmpeg', ['-version']).error !== undefined)('a picture of the documentation', () => {
  let folder = '';
  const file = (name: string): string => join(folder, name);
  /** A colour picture of noise: no file of it is small. */
  const draw = (name: string, size: string): Promise<void> =>
    ffmpeg(
      '-f',
      'lavfi',
      '-i',
      `nullsrc=s=${size},geq=random(1)*255:128+64*random(2):128`,
      '-frames:v',
      '1',
      file(name),
    );

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'massgen-shrink-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('loses colours until it is small enough', async () => {
    await draw('noise.png', '500x500');
    await shrinkPicture(file('noise.png'), file('small.png'), KEPT_PICTURE);
    expect(statSync(file('noise.png')).size).toBeGreaterThan(KEPT_PICTURE.mostBytes);
    expect(statSync(file('small.png')).size).toBeLessThanOrEqual(KEPT_PICTURE.mostBytes);
  });

  it('is refused where the fewest colours are still too many', async () => {
    await draw('noise.png', '720x720');
    await expect(shrinkPicture(file('noise.png'), file('small.png'), KEPT_PICTURE)).rejects.toThrow(
      /more than the 200000 that/,
    );
  });
});
