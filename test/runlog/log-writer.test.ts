import { execFileSync } from 'node:child_process';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createRunLog } from '../../src/runlog/create-run-log.ts';
import type { LogFile } from '../../src/runlog/files.ts';
import { epochPath, logPath, writeFence } from '../../src/runlog/files.ts';
import type { LogWriter } from '../../src/runlog/log-writer.ts';
import { createLogWriter } from '../../src/runlog/log-writer.ts';
import { readAll } from '../../src/runlog/read-run-log.ts';
import { createRedactor } from '../../src/runlog/redact.ts';
import { cancelled, delta, freshLog, refused, scratchFolder, stillClock } from './fresh-log.ts';

const FENCE = { epoch: 1, token: 'mine' };

/** A file in memory that notes what is done to it, holds `room` bytes and takes at most `stride` at a time. */
function memoryFile({ room = Infinity, stride = Infinity } = {}): LogFile & { calls: string[]; content: () => string } {
  let bytes = Buffer.alloc(0);
  const calls: string[] = [];
  return {
    calls,
    content: () => bytes.toString(),
    write: async (buffer, offset, length, position) => {
      calls.push('write');
      const fits = Math.min(length, stride, room - position);
      if (fits <= 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      bytes = Buffer.concat([bytes.subarray(0, position), buffer.subarray(offset, offset + fits)]);
      return { bytesWritten: fits };
    },
    datasync: async () => void calls.push('datasync'),
    truncate: async (length) => {
      calls.push(`truncate ${length}`);
      bytes = bytes.subarray(0, length);
    },
    stat: async () => ({ nlink: 1 }),
    close: async () => void calls.push('close'),
  };
}

/** A clock that stands still until `pass` is called, and then needs no time for anything. */
function pausedClock(): { after: (ms: number, callback: () => void) => () => void; pass: () => void } {
  let isPast = false;
  const waiting: (() => void)[] = [];
  return {
    after: (_ms, callback) => {
      if (isPast) callback();
      else waiting.push(callback);
      return () => undefined;
    },
    pass: () => {
      isPast = true;
      for (const callback of waiting) callback();
    },
  };
}

/** `pass` lets the moment pass for which text is gathered. */
async function writerOn(file: LogFile): Promise<{ writer: LogWriter; dir: string; pass: () => void }> {
  const dir = await scratchFolder();
  await writeFile(epochPath(dir), writeFence(FENCE));
  const clock = pausedClock();
  const writer = createLogWriter({ clock, file, path: logPath(dir), fence: FENCE, size: 0, seq: 0 });
  return { writer, dir, pass: clock.pass };
}

const outcome = (committed: Promise<void>): Promise<string> =>
  committed.then(
    () => 'saved',
    (error: { code: string }) => error.code,
  );

describe('a group commit', () => {
  test('writes what was queued together with one write and one flush', async () => {
    const file = memoryFile();
    const { writer } = await writerOn(file);
    await Promise.all([1, 2, 3].map((seq) => writer.write(`${seq}\n`, seq, true)));
    expect(file.calls).toEqual(['write', 'datasync']);
    expect(file.content()).toBe('1\n2\n3\n');
  });

  test('does not flush for deltas', async () => {
    const file = memoryFile();
    const { writer, pass } = await writerOn(file);
    pass();
    await writer.write('1\n', 1, false);
    expect(file.calls).toEqual(['write']);
  });

  test('gathers deltas for a moment', async () => {
    const file = memoryFile();
    const { writer, pass } = await writerOn(file);
    const first = writer.write('1\n', 1, false);
    await new Promise(setImmediate);
    const second = writer.write('2\n', 2, false);
    await new Promise(setImmediate);
    expect(file.calls).toEqual([]);
    pass();
    await Promise.all([first, second]);
    expect(file.calls).toEqual(['write']);
  });

  test('lets no decision wait for deltas', async () => {
    const file = memoryFile();
    const { writer } = await writerOn(file);
    void writer.write('1\n', 1, false);
    await new Promise(setImmediate);
    await writer.write('2\n', 2, true);
    expect(file.content()).toBe('1\n2\n');
  });

  test('writes what it has gathered when it is closed', async () => {
    const file = memoryFile();
    const { writer } = await writerOn(file);
    void writer.write('1\n', 1, false);
    await new Promise(setImmediate);
    await writer.close();
    expect(file.content()).toBe('1\n');
  });

  test('goes on where the system took only a part', async () => {
    const file = memoryFile({ stride: 3 });
    const { writer } = await writerOn(file);
    await writer.write('a line of text\n', 1, true);
    expect(file.content()).toBe('a line of text\n');
  });
});

describe('a full disk', () => {
  test('is told in a sentence that says what is saved and what to do', async () => {
    const { writer, dir } = await writerOn(memoryFile({ room: 8 }));
    await writer.write('first\n', 1, true);
    await expect(writer.write('second\n', 2, true)).rejects.toThrow(
      `The run's log ${logPath(dir)} can no longer be written. Events 1 to 1 are saved there, nothing after them is. ` +
        'The disk is full: free some space and continue the run.',
    );
  });

  test('leaves whole lines only', async () => {
    const file = memoryFile({ room: 8 });
    const { writer } = await writerOn(file);
    await writer.write('first\n', 1, true);
    await outcome(writer.write('second\n', 2, true));
    expect(file.content()).toBe('first\n');
  });

  test('ends the writing for good, also of what was queued meanwhile', async () => {
    const file = memoryFile({ room: 8 });
    const { writer } = await writerOn(file);
    await writer.write('first\n', 1, true);
    const second = writer.write('second\n', 2, true);
    await Promise.resolve();
    const third = writer.write('3\n', 3, false);
    expect(await Promise.all([second, third].map(outcome))).toEqual(['log-unwritable', 'log-unwritable']);
    expect(await outcome(writer.write('4\n', 4, true))).toBe('log-unwritable');
    expect(file.content()).toBe('first\n');
  });

  test('is no unhandled rejection for those who did not wait', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    onTestFinished(() => void process.off('unhandledRejection', note));
    const { writer } = await writerOn(memoryFile({ room: 1 }));
    void writer.write('too long\n', 1, false);
    await writer.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).toEqual([]);
  });

  test('is survived on a real disk: every confirmed event is there, and no torn line', async (context) => {
    const disk = await scratchFolder();
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      context.skip('mounting a small disk needs root');
    }
    onTestFinished(() => void execFileSync('umount', ['-l', disk]));
    const log = await createRunLog({ runsDir: disk, clock: stillClock(), redact: createRedactor({ secrets: [] }) });
    let saved = 0;
    let code = 'saved';
    while (code === 'saved') {
      const { event, committed } = log.append(refused('x'.repeat(999)));
      code = await outcome(committed);
      if (code === 'saved') saved = event.seq;
    }
    await log.close();
    expect(code).toBe('log-unwritable');
    expect(saved).toBeGreaterThan(10);
    expect((await readAll(log.dir)).map((event) => event.seq)).toEqual(Array.from({ length: saved }, (_, i) => i + 1));
    expect((await readFile(logPath(log.dir), 'utf8')).endsWith('\n')).toBe(true);
  });
});

describe('a run folder', () => {
  test('that is removed stops the writing, instead of writing into nowhere', async () => {
    const log = await freshLog();
    await log.append(cancelled).committed;
    await rm(log.dir, { recursive: true });
    const { committed } = log.append(cancelled);
    await expect(committed).rejects.toMatchObject({ code: 'log-unwritable', exitCode: 2 });
    await expect(committed).rejects.toThrow('The folder or the file is gone');
    await expect(stat(log.dir)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('whose log alone is removed stops the writing too', async () => {
    const log = await freshLog();
    await rm(logPath(log.dir));
    expect(await outcome(log.append(cancelled).committed)).toBe('log-unwritable');
  });
});

describe('a fence', () => {
  test.each(['2 other\n', '1 other\n', '2 mine\n'])(
    'that says %j refuses the writer before it writes',
    async (text) => {
      const file = memoryFile();
      const { writer, dir } = await writerOn(file);
      await writeFile(epochPath(dir), text);
      await expect(writer.write('1\n', 1, true)).rejects.toMatchObject({ code: 'run-adopted', exitCode: 2 });
      expect(file.calls).toEqual([]);
    },
  );

  test('that is moved during the write confirms nothing', async () => {
    const file = memoryFile();
    const { writer, dir } = await writerOn(file);
    const inner = memoryFile();
    file.write = async (...args) => {
      await writeFile(epochPath(dir), writeFence({ epoch: 2, token: 'theirs' }));
      return inner.write(...args);
    };
    expect(await outcome(writer.write('1\n', 1, true))).toBe('run-adopted');
    expect([...inner.calls, ...file.calls]).toEqual(['write', 'datasync']);
  });
});

test('deltas and decisions of one batch share its fate', async () => {
  const log = await freshLog();
  const before = log.append(delta('a')).committed;
  await rm(logPath(log.dir));
  const decision = log.append(cancelled).committed;
  expect(await outcome(decision)).toBe('log-unwritable');
  expect(['saved', 'log-unwritable']).toContain(await outcome(before));
});
