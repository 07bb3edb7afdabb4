import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const RUN_PROCESS = fileURLToPath(new URL('../../src/workspace/commands/run-process.ts', import.meta.url));

test('where no file can be opened any more, a program that cannot be started is an error as any other', () => {
  const code = `
    const { openSync } = require('node:fs');
    import(process.argv[1]).then(async ({ runProcess }) => {
      try { for (;;) openSync('/dev/null'); } catch {}
      const options = { cwd: '/', env: {}, signal: new AbortController().signal };
      await runProcess('/bin/true', [], options).catch(({ message }) => process.stdout.write(message));
    });`;
  const shell = ['-c', 'ulimit -n 80 && exec "$@"', 'sh', process.execPath, '--eval', code, RUN_PROCESS];
  const { status, stdout, stderr } = spawnSync('/bin/sh', shell, { encoding: 'utf8' });
  expect({ status, stdout, stderr }).toEqual({
    status: 0,
    stdout: '/bin/true cannot be started: too many files are open.',
    stderr: '',
  });
});
