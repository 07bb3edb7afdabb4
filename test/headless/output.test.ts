import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createOutput } from '../../src/headless/output.ts';
import { sink } from './told-run.ts';

test('text is written in order', async () => {
  const stream = sink();
  const out = createOutput(stream);
  for (const text of ['a', 'b', '', 'c']) out.write(text);
  await out.flush();
  expect(stream.text).toBe('abc');
});

test('a slow reader is waited for, and gets larger pieces', async () => {
  const chunks: string[] = [];
  let release = (): void => undefined;
  const stream = new Writable({
    highWaterMark: 1,
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk.toString());
      release = done;
    },
  });
  const out = createOutput(stream);
  for (const text of ['1', '2', '3', '4']) out.write(text);
  expect(chunks).toEqual(['1']);
  release();
  await new Promise((resolve) => setImmediate(resolve));
  expect(chunks).toEqual(['1', '234']);
  release();
  await out.flush();
});

test('flush of nothing resolves', async () => {
  await expect(createOutput(sink()).flush()).resolves.toBeUndefined();
});

test('a broken pipe ends the output quietly and is told', async () => {
  const stream = new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    },
  });
  const out = createOutput(stream);
  out.write('x');
  await out.broken;
  out.write('y');
  await expect(out.flush()).resolves.toBeUndefined();
});

test('a stream that was closed before is broken too', async () => {
  const stream = sink();
  stream.destroy();
  await once(stream, 'close');
  const out = createOutput(stream);
  out.write('x');
  await out.flush();
  expect(stream.text).toBe('');
});

test('a real pipe that nobody reads any more neither hangs nor crashes the process', async () => {
  const script = `
    import { createOutput } from ${JSON.stringify(new URL('../../src/headless/output.ts', import.meta.url).href)};
    const out = createOutput(process.stdout);
    out.write('first\\n');
    process.stdin.once('data', async () => {
      for (let i = 0; i < 1000; i += 1) out.write('x'.repeat(10_000));
      await out.broken;
      await out.flush();
      process.exit(7);
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.stdout.destroy();
  child.stdin.end('go');
  expect(await once(child, 'close')).toEqual([7, null]);
});
