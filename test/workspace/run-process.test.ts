import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runProcess, startProcess } from '../../src/workspace/commands/run-process.ts';
import { temporaryFolder } from '../tools/files/agent-desk.ts';

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

const HERE = { cwd: '/', env: { PATH: process.env['PATH'] ?? '' } };

test('what a program in the background writes by the names of its outputs is heard', async () => {
  let heard = '';
  const end = new AbortController();
  const words = ['-c', 'echo begun > /dev/stderr; read line; echo "$line" | tee /dev/stderr >/dev/null'];
  const program = await startProcess('/bin/sh', words, { ...HERE, signal: end.signal }, (text) => (heard += text));
  await program.write('more\n');
  expect([await program.ended, heard]).toEqual([0, 'begun\nmore\n']);
});

test.runIf(process.platform === 'linux')(
  'a program that ends, is stopped or cannot be started leaves no open file and no file behind',
  async () => {
    const scratch = await temporaryFolder();
    const before = process.env['TMPDIR'];
    process.env['TMPDIR'] = scratch;
    const open = (): number => readdirSync('/proc/self/fd').length;
    try {
      const signal = new AbortController().signal;
      await runProcess('/bin/true', [], { ...HERE, signal });
      const files = open();
      const late = new AbortController();
      const stopped = runProcess('/bin/sh', ['-c', 'echo begun; sleep 1000'], { ...HERE, signal: late.signal });
      const missing = await runProcess('/no/program', [], { ...HERE, signal }).catch(
        ({ code }: { code: string }) => code,
      );
      const ended = await runProcess('/bin/sh', ['-c', 'cat; exit 4'], { ...HERE, signal, input: 'read' });
      late.abort(new Error('stopped'));
      const { exitCode } = await stopped;
      expect({ missing, ended, exitCode, files: open(), left: readdirSync(scratch) }).toEqual({
        missing: 'ENOENT',
        ended: { exitCode: 4, stdout: 'read', stderr: '' },
        exitCode: null,
        files,
        left: [],
      });
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    }
  },
);
