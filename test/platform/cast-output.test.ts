import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { castOutput } from '../../src/platform/cast-output.ts';

function setUp(): { stream: NodeJS.WriteStream; path: string; written: () => string } {
  const folder = mkdtempSync(join(tmpdir(), 'cast-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const stream = Object.assign(new PassThrough(), { columns: 80, rows: 24, fd: 99, isTTY: true });
  return {
    stream: stream as unknown as NodeJS.WriteStream,
    path: join(folder, 'a.cast'),
    written: () => String(stream.read() ?? ''),
  };
}

it('copies what is written, with times, and hides the descriptor', () => {
  const { stream, path, written } = setUp();
  const copied = castOutput(stream, path);
  copied.write('Grüße ');
  copied.write(Buffer.from([0xc3]));
  copied.write(Buffer.from([0xa4]));
  const [header, ...events] = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown[]);
  expect({
    header,
    texts: events.map(([, kind, text]) => [kind, text]),
    isInOrder: events.every(([at], i) => Number(at) >= Number(events[i - 1]?.[0] ?? 0)),
    passed: written(),
    fd: 'fd' in copied && copied.fd,
    isTTY: copied.isTTY,
  }).toEqual({
    header: { version: 2, width: 80, height: 24 },
    texts: [
      ['o', 'Grüße '],
      ['o', ''],
      ['o', 'ä'],
    ],
    isInOrder: true,
    passed: 'Grüße ä',
    fd: undefined,
    isTTY: true,
  });
});

it('takes no file that is there already', () => {
  const { stream, path } = setUp();
  castOutput(stream, path);
  expect(() => castOutput(stream, path)).toThrow('EEXIST');
});
