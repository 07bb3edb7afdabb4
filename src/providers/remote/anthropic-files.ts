import type { Anthropic } from '@anthropic-ai/sdk';
import type { BackendSpec } from '../../config/team.ts';
import { createAnthropic, isOfficial, messagesHeaders } from '../messages/client.ts';
import { fetched, inWordsOf, isLargePictureOrPdf, removed, type RemoteFiles } from './remote-files.ts';

/** What addresses that speak the version before are asked for. */
export const FILES_BETA = 'files-api-2025-04-14';

/** Files at Anthropic. */
export function anthropicFiles(backend: BackendSpec): RemoteFiles {
  const connect = async (signal: AbortSignal): Promise<[Anthropic, object]> => {
    const client = await createAnthropic(backend, fetch);
    const betas = isOfficial(client) ? [] : [FILES_BETA];
    return [client, { signal, maxRetries: 2, headers: messagesHeaders(backend, isOfficial(client), betas) }];
  };
  return {
    isWorthIt: isLargePictureOrPdf,
    upload: ({ name, mediaType, content }, signal) =>
      inWordsOf(backend, async () => {
        const [client, options] = await connect(signal);
        const file = new File([content], name, { type: mediaType });
        const { id } = await client.files.upload({ file }, options);
        return { kind: 'file', id };
      }),
    remove: ({ id }, signal) =>
      removed(backend, async () => {
        const [client, options] = await connect(signal);
        await client.files.delete(id, {}, options);
      }),
    fetchMade: ({ id }, maxBytes, signal) =>
      inWordsOf(backend, async () => {
        const [client, options] = await connect(signal);
        const { filename } = await client.files.retrieveMetadata(id, {}, options);
        return fetched(await client.files.download(id, {}, options), maxBytes, filename);
      }),
  };
}
