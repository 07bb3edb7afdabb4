import type { BackendSpec } from '../../config/team.ts';
import type { Clock } from '../../platform/clock.ts';
import { createGenAi } from '../gemini/client.ts';
import { inWordsOf, isLarge, removed, type RemoteFiles } from './remote-files.ts';

const POLL_MS = 1000;
const MAX_POLLS = 180;

/** Files at Google's Gemini API, which forgets them after two days. Vertex AI has none. */
export function geminiFiles(backend: BackendSpec, { clock }: { clock: Clock }): RemoteFiles {
  return {
    isWorthIt: (_mediaType, bytes) => isLarge(bytes),
    upload: ({ name: displayName, mediaType, content }, signal) =>
      inWordsOf(backend, async () => {
        const client = await createGenAi(backend, fetch);
        const file = new Blob([content], { type: mediaType });
        const config = { mimeType: mediaType, displayName, abortSignal: signal };
        let made = await client.files.upload({ file, config });
        const name = made.name ?? '';
        // Videos are looked through first.
        for (let polls = 0; String(made.state) === 'PROCESSING' && polls < MAX_POLLS; polls += 1) {
          await clock.sleep(POLL_MS, signal);
          made = await client.files.get({ name, config: { abortSignal: signal } });
        }
        const { uri, state } = made;
        if (name !== '' && uri !== undefined && (state === undefined || String(state) === 'ACTIVE')) {
          return { kind: 'file', id: name, uri };
        }
        throw new Error(
          `The file ${displayName} was not taken${made.error?.message ? `: ${made.error.message}` : ''}.`,
        );
      }),
    remove: ({ id }, signal) =>
      removed(backend, async () => {
        const client = await createGenAi(backend, fetch);
        await client.files.delete({ name: id, config: { abortSignal: signal } });
      }),
  };
}
