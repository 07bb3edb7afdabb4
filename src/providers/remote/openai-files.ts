import type { OpenAI } from 'openai';
import type { BackendSpec } from '../../config/team.ts';
import type { Clock } from '../../platform/clock.ts';
import { openaiOptions } from '../wire/openai-options.ts';
import { fetched, inWordsOf, isLargePictureOrPdf, removed, type RemoteFiles } from './remote-files.ts';

const TIMEOUT_MS = 120_000;
const POLL_MS = 1000;
const MAX_POLLS = 180;
/** In case that nobody takes them away. */
const DAY = { files: { anchor: 'created_at', seconds: 86_400 }, store: { anchor: 'last_active_at', days: 1 } } as const;

/** Files, stores and containers at OpenAI. */
export function openaiFiles(backend: BackendSpec, { clock }: { clock: Clock }): RemoteFiles {
  const ask = <T>(request: (client: OpenAI) => Promise<T>): Promise<T> =>
    inWordsOf(backend, async () => request(await connect(backend)));
  /** Ids of the files of containers that were told of. */
  const known = new Set<string>();
  return {
    isWorthIt: isLargePictureOrPdf,
    async upload({ name, mediaType, content, isSearched }, signal) {
      const file = new File([content], name, { type: mediaType });
      const purpose = isSearched ? 'assistants' : mediaType.startsWith('image/') ? 'vision' : 'user_data';
      const { id } = await ask((client) =>
        client.files.create({ file, purpose, expires_after: DAY.files }, { signal }),
      );
      return { kind: 'file', id };
    },
    remove: ({ kind, id }, signal) =>
      removed(backend, async () => {
        const client = await connect(backend);
        await (kind === 'file' ? client.files.delete(id, { signal }) : client.vectorStores.delete(id, { signal }));
      }),
    async openStore(name, fileIds, signal) {
      const { id } = await ask((client) =>
        client.vectorStores.create({ name, file_ids: [...fileIds], expires_after: DAY.store }, { signal }),
      );
      return { kind: 'store', id };
    },
    async whenReady({ id }, signal) {
      for (let polls = 0; polls < MAX_POLLS; polls += 1) {
        const { file_counts: files } = await ask((client) => client.vectorStores.retrieve(id, { signal }));
        if (files.failed > 0) throw new Error(`${files.failed} of ${files.total} files cannot be searched.`);
        if (files.in_progress === 0) return;
        await clock.sleep(POLL_MS, signal);
      }
      throw new Error('The store of files was not ready after three minutes.');
    },
    async newMade(container, signal) {
      const { data } = await ask((client) => client.containers.files.list(container, { limit: 100 }, { signal }));
      const found = data.filter(({ id, source }) => source === 'assistant' && !known.has(id));
      for (const { id } of found) known.add(id);
      return found.map(({ id, path }) => ({ id, container, name: path.slice(path.lastIndexOf('/') + 1) }));
    },
    fetchMade: ({ id, container }, maxBytes, signal) =>
      ask(async (client) => {
        known.add(id);
        const response = await (container === null
          ? client.files.content(id, { signal })
          : client.containers.files.content.retrieve(id, { container_id: container }, { signal }));
        return fetched(response, maxBytes);
      }),
  };
}

async function connect(backend: BackendSpec): Promise<OpenAI> {
  const { OpenAI } = await import('openai');
  // What is repeated here costs nothing, unlike calls of a model.
  return new OpenAI({ ...openaiOptions(backend, fetch), maxRetries: 2, timeout: TIMEOUT_MS });
}
