import { expect, test } from 'vitest';
import type { RunEvent } from '../../src/events/event.ts';
import type { ModelEvent, Provider } from '../../src/providers/provider.ts';
import type { RemoteFiles } from '../../src/providers/remote/remote-files.ts';
import { runScripted } from './scripted-run.ts';

test('a reply is in the log before files are looked for that it does not name, since it is paid for', async () => {
  const seen: RunEvent['type'][] = [];
  const code: ModelEvent = { type: 'builtin-tool', name: 'code_interpreter', detail: 'x', container: 'c1' };
  const files: RemoteFiles = {
    isWorthIt: () => false,
    upload: () => Promise.reject(new Error('not used here')),
    remove: () => Promise.resolve(),
    newMade: async (container) => {
      looked = seen.includes('request.finished');
      return [{ id: 'f1', container, name: 'plot.png' }];
    },
  };
  let looked: boolean | null = null;
  const events = await runScripted({
    scripts: { a: [{ text: 'Done.' }] },
    wrap: (provider): Provider => ({
      ...provider,
      files,
      async *stream(request) {
        yield code;
        yield* provider.stream(request);
      },
    }),
    onStart: (handle) => handle.subscribe((event) => seen.push(event.type)),
  });
  const told = events.flatMap(({ type }) => (type === 'request.finished' || type === 'file.received' ? [type] : []));
  expect({ looked, told }).toEqual({ looked: true, told: ['request.finished', 'file.received'] });
});
