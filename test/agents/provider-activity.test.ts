import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createActivityLog } from '../../src/agents/provider-activity.ts';
import { createFileStore } from '../../src/engine/received-files.ts';
import type { EventDraft } from '../../src/events/event.ts';
import type { ModelEvent, Provider } from '../../src/providers/provider.ts';
import type { RemoteFiles } from '../../src/providers/remote/remote-files.ts';
import { createManualClock } from '../providers/manual-clock.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'massgen-activity-'));
});
afterEach(async () => rm(dir, { recursive: true, force: true }));

const NO_FILES: RemoteFiles = {
  isWorthIt: () => false,
  upload: () => Promise.reject(new Error('none')),
  remove: () => Promise.resolve(),
};
const NO_MODEL: Provider = {
  model: 'none',
  stream: () => {
    throw new Error('none');
  },
  costUsd: () => null,
};

async function log(events: readonly ModelEvent[], files?: Partial<RemoteFiles>): Promise<(EventDraft | null)[]> {
  const clock = createManualClock();
  const saveFile = createFileStore(dir, 'agent1-turn1');
  const tell = createActivityLog(
    {
      alias: 'agent1',
      turn: 't',
      clock,
      saveFile,
      signal: new AbortController().signal,
      provider: { ...NO_MODEL, ...(files && { files: { ...NO_FILES, ...files } }) },
    },
    't.1',
  );
  const drafts: (EventDraft | null)[] = [];
  for (const event of events) {
    drafts.push(await tell.of(event));
    clock.advance(10);
  }
  return [...drafts, ...(await tell.unnamedFiles())];
}

test('results are matched to the oldest open use of their tool', async () => {
  const use = (detail: string): ModelEvent => ({ type: 'builtin-tool', name: 'web_search', detail });
  const result: ModelEvent = { type: 'builtin-result', name: 'web_search', output: 'x', isError: false };
  expect((await log([use('a'), use('b'), result, result])).map((draft) => draft?.data)).toEqual([
    { turn: 't', request: 't.1', use: 't.1.1', name: 'web_search', detail: 'a' },
    { turn: 't', request: 't.1', use: 't.1.2', name: 'web_search', detail: 'b' },
    { turn: 't', use: 't.1.1', name: 'web_search', output: 'x', isError: false, durationMs: 20 },
    { turn: 't', use: 't.1.2', name: 'web_search', output: 'x', isError: false, durationMs: 20 },
  ]);
});

test('a file that came whole is kept in the folder of the run, under a name of ours', async () => {
  const base64 = Buffer.from('picture').toString('base64');
  const file: ModelEvent = { type: 'file', name: '../../evil.sh', id: null, mediaType: 'image/png', base64 };
  const [draft] = await log([file]);
  expect(draft).toEqual({
    type: 'file.received',
    agent: 'agent1',
    data: {
      turn: 't',
      request: 't.1',
      name: '../../evil.sh',
      id: null,
      mediaType: 'image/png',
      path: 'files/agent1-turn1-1.png',
      bytes: 7,
    },
  });
  expect(await readFile(join(dir, 'files/agent1-turn1-1.png'), 'utf8')).toBe('picture');
});

test('a file that did not come, or cannot be kept, has no path', async () => {
  const file = { type: 'file', name: 'a.pdf', id: 'file_1', mediaType: null } as const;
  await writeFile(join(dir, 'files'), 'in the way');
  const drafts = await log([file, { ...file, base64: 'AA==' }]);
  for (const draft of drafts) expect(draft?.data).toMatchObject({ path: null, bytes: null, id: 'file_1' });
});

test('long outputs are cut, and text is no activity', async () => {
  const [none, returned] = await log([
    { type: 'text', text: 'Hi' },
    { type: 'builtin-result', name: 'x', output: 'y'.repeat(5000), isError: true },
  ]);
  expect(none).toBeNull();
  expect(returned?.data).toMatchObject({ output: `${'y'.repeat(4000)}…`, isError: true, durationMs: 0 });
});

test('a file that a tool has made is fetched and kept, with what the provider says of it', async () => {
  const made: ModelEvent = { type: 'file', name: '', id: 'f_1', mediaType: null, made: { container: 'c_1' } };
  const asked: unknown[] = [];
  const fetchMade: RemoteFiles['fetchMade'] = (file) => {
    asked.push(file);
    return Promise.resolve({ content: Buffer.from('a,b'), name: 'table.csv', mediaType: null });
  };
  const [draft] = await log([made], { fetchMade });
  expect(asked).toEqual([{ id: 'f_1', container: 'c_1' }]);
  expect(draft?.data).toMatchObject({ name: 'table.csv', mediaType: 'text/csv', bytes: 3 });
  expect(await readFile(join(dir, 'files/agent1-turn1-1.csv'), 'utf8')).toBe('a,b');
});

test('a file that is not handed out is told of all the same, and no more than twenty are asked for', async () => {
  const made = (n: number): ModelEvent => ({
    type: 'file',
    name: `${n}.png`,
    id: `f_${n}`,
    mediaType: null,
    made: { container: null },
  });
  let asked = 0;
  const fetchMade: RemoteFiles['fetchMade'] = () => {
    asked += 1;
    return Promise.reject(new Error('gone'));
  };
  const drafts = await log(
    Array.from({ length: 21 }, (_, n) => made(n)),
    { fetchMade },
  );
  expect(asked).toBe(20);
  expect(drafts.at(-1)?.data).toMatchObject({ name: '20.png', id: 'f_20', path: null });
});

test('files that code has left in its container without a word are told of and kept at the end', async () => {
  const code: ModelEvent = { type: 'builtin-tool', name: 'code_interpreter', detail: 'x', container: 'c_1' };
  const drafts = await log([code, code], {
    newMade: (container) => Promise.resolve([{ id: 'f_1', container, name: 'plot.png' }]),
    fetchMade: () => Promise.resolve({ content: Buffer.from('png'), name: null, mediaType: null }),
  });
  expect(drafts.slice(2).map((draft) => [draft?.type, draft?.data])).toEqual([
    [
      'file.received',
      {
        turn: 't',
        request: 't.1',
        name: 'plot.png',
        id: 'f_1',
        mediaType: 'image/png',
        path: 'files/agent1-turn1-1.png',
        bytes: 3,
      },
    ],
  ]);
});

test('a container that cannot be looked into takes nothing from the reply', async () => {
  const code: ModelEvent = { type: 'builtin-tool', name: 'code_interpreter', detail: 'x', container: 'c_1' };
  expect(await log([code], { newMade: () => Promise.reject(new Error('gone')) })).toHaveLength(1);
});
