import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { closeOutputs } from '../../src/platform/close-outputs.ts';
import { temporaryFolder } from '../tools/files/agent-desk.ts';

test.each([{ written: 'late' }, { written: '' }])(
  'an output that stays open is closed once it is read, also if it holds "$written"',
  async ({ written }) => {
    const file = join(await temporaryFolder(), 'written');
    const child = spawn('/bin/sh', ['-c', `printf '${written}'; : > "$1"; exec sleep 600`, 'sh', file], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    // Nothing is read while this waits.
    spawnSync('/bin/sh', ['-c', 'until [ -e "$1" ]; do sleep 0.01; done', 'sh', file]);
    closeOutputs([child.stdout]);
    await once(child.stdout, 'close');
    expect(text).toBe(written);
  },
);

test('whoever goes on writing is not heard for ever', async () => {
  const child = spawn('/bin/sh', ['-c', 'while :; do echo more; done'], { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stdout.resume();
  await once(child.stdout, 'data');
  closeOutputs([child.stdout]);
  await once(child.stdout, 'close');
  expect(child.stdout.destroyed).toBe(true);
});
