import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import process from 'node:process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createFrameWriter } from '../../src/tui/render/writer.ts';
import { createFakeClock } from './fake-clock.ts';

const folder = mkdtempSync(join(tmpdir(), 'frames-'));
const path = join(folder, 'out');

afterEach(() => rmSync(path, { force: true }));

describe('createFrameWriter', () => {
  it('sends through a descriptor of its own and says when it is free', async () => {
    const fd = openSync(path, 'w');
    let idle = 0;
    const writer = createFrameWriter({ fd, isTTY: true, write: () => expect.unreachable() }, createFakeClock(), {
      idle: () => idle++,
      error: () => expect.unreachable(),
    });
    closeSync(fd);
    writer.write('one ✓\n');
    const during = writer.isBusy;
    await writer.idle();
    writer.write('two');
    await writer.idle();
    expect([during, writer.isBusy, idle, readFileSync(path, 'utf8')]).toEqual([true, false, 2, 'one ✓\ntwo']);
    writer.close();
  });

  it('uses the stream where there is no terminal', async () => {
    const written: string[] = [];
    const writer = createFrameWriter(
      {
        write: (text, callback) => {
          written.push(text);
          queueMicrotask(callback);
        },
      },
      createFakeClock(),
      { idle: () => undefined, error: () => undefined },
    );
    writer.write('a');
    await writer.idle();
    writer.close();
    writer.write('b');
    expect(written).toEqual(['a']);
  });

  it('is free at once when nothing is under way', async () => {
    const writer = createFrameWriter({ write: () => undefined }, createFakeClock(), {
      idle: () => undefined,
      error: () => undefined,
    });
    await writer.idle();
    expect(writer.isBusy).toBe(false);
  });

  it.skipIf(process.platform !== 'linux')('says once that the terminal is gone, and writes no more', async () => {
    const fd = openSync('/dev/full', 'w');
    const errors: string[] = [];
    const writer = createFrameWriter({ fd, isTTY: true, write: () => undefined }, createFakeClock(), {
      idle: () => expect.unreachable(),
      error: (error) => errors.push((error as NodeJS.ErrnoException).code ?? ''),
    });
    writer.write('x');
    await writer.idle();
    writer.write('y');
    expect([errors, writer.isBusy]).toEqual([['ENOSPC'], false]);
    closeSync(fd);
  });
});
