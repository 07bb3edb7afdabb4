import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import process from 'node:process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createFrameWriter, writeAllSync } from '../../src/tui/render/writer.ts';
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

  describe.skipIf(process.platform !== 'linux')('with a terminal that takes nothing', () => {
    /** More than a pipe holds. */
    const LONG = 'frame '.repeat(50_000);

    function stalled(): { fd: number; read: () => string; close: () => void } {
      execFileSync('mkfifo', [path]);
      const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
      const buffer = Buffer.alloc(1 << 20);
      const read = (): string => {
        try {
          return buffer.toString('utf8', 0, readSync(fd, buffer));
        } catch {
          return '';
        }
      };
      return { fd, read, close: () => closeSync(fd) };
    }

    it('waits without a thread that hangs, and goes on where it was', async () => {
      const { fd, read, close } = stalled();
      const clock = createFakeClock();
      let idle = 0;
      const writer = createFrameWriter({ fd, isTTY: true, write: () => expect.unreachable() }, clock, {
        idle: () => idle++,
        error: () => expect.unreachable(),
      });
      writer.write(LONG);
      while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
      const during = [writer.isBusy, idle];
      let seen = '';
      while (idle === 0) {
        seen += read();
        clock.advance(5);
        await new Promise((resolve) => setImmediate(resolve));
      }
      seen += read();
      expect([during, seen === LONG]).toEqual([[true, 0], true]);
      writer.close();
      close();
    });

    it('drops the rest of a frame once the terminal is to be given back', async () => {
      const { fd, read, close } = stalled();
      const clock = createFakeClock();
      const writer = createFrameWriter({ fd, isTTY: true, write: () => expect.unreachable() }, clock, {
        idle: () => undefined,
        error: () => expect.unreachable(),
      });
      writer.write(LONG);
      while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
      writer.settleSync();
      const size = read().length;
      clock.advance(5);
      await writer.idle();
      expect([size < LONG.length, read(), writer.isBusy]).toEqual([true, '', false]);
      writer.close();
      close();
    });

    it('gives up what must be written at once instead of hanging', () => {
      const { fd, read, close } = stalled();
      writeAllSync(fd, LONG);
      expect(read().length).toBeLessThan(LONG.length);
      writeAllSync(fd, 'restored');
      expect(read()).toBe('restored');
      close();
    });
  });
});
