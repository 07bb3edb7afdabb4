import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/events/event.ts';
import { createTuiPorts } from '../../src/cli/tui-ports.ts';
import { createRealClock } from '../../src/platform/clock.ts';
import type { Environment } from '../../src/platform/environment.ts';
import { scriptedRun } from '../screens/scripted-events.ts';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'massgen-ports-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const ports = (variables: Record<string, string> = {}): Required<ReturnType<typeof createTuiPorts>> =>
  createTuiPorts(
    { cwd, home: join(cwd, 'home'), platform: 'linux', variables, terminal: { isRemote: false } } as Environment,
    createRealClock(),
  ) as Required<ReturnType<typeof createTuiPorts>>;

describe('save', () => {
  it('writes a new file and names it', async () => {
    expect(await ports().save('answer.md', 'text\n')).toBe(join(cwd, 'answer.md'));
    expect(readFileSync(join(cwd, 'answer.md'), 'utf8')).toBe('text\n');
  });

  it('never overwrites', async () => {
    writeFileSync(join(cwd, 'answer.md'), 'mine');
    await expect(ports().save('answer.md', 'text')).rejects.toThrow('answer.md exists already: choose another name.');
    expect(readFileSync(join(cwd, 'answer.md'), 'utf8')).toBe('mine');
  });

  it('says why it cannot', async () => {
    await expect(ports().save('no/such/folder/a.md', 'text')).rejects.toThrow('could not be written (ENOENT)');
  });
});

describe('the history', () => {
  it('is empty at first, keeps questions of several lines, and repeats none', async () => {
    const { loadHistory, keepQuestion } = ports();
    const before = await loadHistory();
    await keepQuestion('one\ntwo');
    await keepQuestion('one\ntwo');
    await keepQuestion('three');
    expect([before, await loadHistory()]).toEqual([[], ['one\ntwo', 'three']]);
    expect(statSync(join(cwd, 'home/.massgen/history')).mode & 0o077).toBe(0);
  });

  it('forgets the oldest questions once there is a megabyte of them', async () => {
    mkdirSync(join(cwd, 'home/.massgen'), { recursive: true });
    const file = join(cwd, 'home/.massgen/history');
    const lines = Array.from({ length: 1200 }, (_, n) => `${JSON.stringify(`${n} ${'x'.repeat(1000)}`)}\n`);
    writeFileSync(file, lines.join(''), { mode: 0o600 });
    await ports().keepQuestion('the last');
    const kept = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect([kept.length, kept[0]?.slice(0, 5), kept.at(-1)]).toEqual([501, '"700 ', '"the last"']);
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  it('survives a broken line', async () => {
    mkdirSync(join(cwd, 'home/.massgen'), { recursive: true });
    writeFileSync(join(cwd, 'home/.massgen/history'), '"a"\n{broken\n7\n"b"\n');
    expect(await ports().loadHistory()).toEqual(['a', 'b']);
  });

  it('does without where it cannot be written', async () => {
    writeFileSync(join(cwd, 'home'), 'a file, not a folder');
    await expect(ports().keepQuestion('q')).resolves.toBe(undefined);
  });
});

describe('earlier runs', () => {
  const ID = '20261122-181900-abcd';

  function keep(id: string, lines: string): void {
    mkdirSync(join(cwd, '.massgen/runs', id), { recursive: true });
    writeFileSync(join(cwd, '.massgen/runs', id, 'run.jsonl'), lines);
  }

  it('are listed with what they were about, and open whole', async () => {
    const events = scriptedRun({ agents: 2, question: 'why?' });
    keep(ID, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    const { listRuns, openRun } = ports();
    const listed = await listRuns();
    const seen: RunEvent[] = [];
    const handle = await openRun(ID);
    handle.subscribe((event) => void seen.push(event));
    await handle.ended;
    expect(listed.map(({ id, when, question, outcome }) => [id, when, question, outcome])).toEqual([
      [ID, '2023-11-14 22:13', 'why?', 'answered'],
    ]);
    expect(seen).toEqual(events);
  });

  it('are left out where they cannot be read, and none is no trouble', async () => {
    expect(await ports().listRuns()).toEqual([]);
    keep(ID, '');
    expect(await ports().listRuns()).toEqual([]);
    await expect(ports().openRun('20261122-181900-zzzz')).rejects.toThrow('20261122-181900-zzzz');
  });
});

describe('paths', () => {
  it('are those that begin so, folders marked, hidden ones only when asked for', async () => {
    mkdirSync(join(cwd, 'src/tui'), { recursive: true });
    writeFileSync(join(cwd, 'setup.md'), '');
    writeFileSync(join(cwd, '.secret'), '');
    const { completePath } = ports();
    expect([
      await completePath('s'),
      await completePath(''),
      await completePath('src/'),
      await completePath('.s'),
      await completePath('no/such/'),
    ]).toEqual([['setup.md', 'src/'], ['setup.md', 'src/'], ['src/tui/'], ['.secret'], []]);
  });
});

describe('the editor', () => {
  const script = (body: string): string => {
    const file = join(cwd, 'editor.cjs');
    writeFileSync(file, `const fs = require('node:fs');\nconst file = process.argv[2];\n${body}\n`);
    return `${process.execPath} ${file}`;
  };

  it('gets the text and gives what was saved', async () => {
    const EDITOR = script("fs.writeFileSync(file, fs.readFileSync(file, 'utf8') + ' and more\\n');");
    expect(await ports({ EDITOR }).editText('draft')).toBe('draft and more');
  });

  it('that fails is named', async () => {
    await expect(ports({ EDITOR: script('process.exit(2);') }).editText('x')).rejects.toThrow('ended with code 2');
    await expect(ports({ EDITOR: 'massgen-no-such-editor' }).editText('x')).rejects.toThrow(
      'The editor massgen-no-such-editor could not be started (ENOENT): set $EDITOR.',
    );
  });

  it('is the pager for what is only read, which gets all of it', async () => {
    const seen = join(cwd, 'seen');
    const PAGER = script(`fs.copyFileSync(file, ${JSON.stringify(seen)});`);
    await ports({ PAGER, EDITOR: 'massgen-no-such-editor' }).openText('all of it\n');
    expect(readFileSync(seen, 'utf8')).toBe('all of it\n');
    await expect(ports({ PAGER: 'massgen-no-such-pager' }).openText('x')).rejects.toThrow(
      'The pager massgen-no-such-pager could not be started (ENOENT): set $PAGER.',
    );
  });
});
