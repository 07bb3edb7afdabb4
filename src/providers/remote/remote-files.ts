import type { BackendSpec } from '../../config/team.ts';
import { thrownError } from '../wire/thrown-error.ts';
import { secretsOf } from '../wire/secrets.ts';

/** What this program has put at a provider, and has to take away again. */
export interface RemoteThing {
  kind: 'file' | 'store';
  id: string;
}

/** A file that requests can name instead of holding it. `uri` is its address, where requests want that. */
export interface RemoteFile extends RemoteThing {
  kind: 'file';
  uri?: string;
}

export interface FileToSend {
  name: string;
  mediaType: string;
  content: Uint8Array<ArrayBuffer>;
  /** It is for a store of documents; otherwise for the model's own eyes. */
  isSearched?: boolean;
}

/** A file that a provider's tool has made. `container` is where it lies, if it is in one. */
export interface MadeFile {
  id: string;
  container: string | null;
}

/** What the provider does not say of it is null. */
export interface FetchedFile {
  content: Uint8Array;
  name: string | null;
  mediaType: string | null;
}

/**
 * Files and stores of documents at a provider. Everything rejects with an Error whose message is a sentence for people,
 * without secrets.
 */
export interface RemoteFiles {
  /** True for what is better sent once than with every request. */
  isWorthIt(mediaType: string, bytes: number): boolean;
  /** Resolves when requests may name the file. The provider forgets it by itself after some days at the latest. */
  upload(file: FileToSend, signal: AbortSignal): Promise<RemoteFile>;
  /** Resolves also for what is gone already. */
  remove(thing: RemoteThing, signal: AbortSignal): Promise<void>;
  /** A new store of these files; it can be searched after `whenReady`. Absent where there are none. */
  openStore?(name: string, fileIds: readonly string[], signal: AbortSignal): Promise<RemoteThing>;
  /** Rejects when a file cannot be read by the store. */
  whenReady?(store: RemoteThing, signal: AbortSignal): Promise<void>;
  /**
   * Files that code has left in a container and that were neither told of here nor fetched before, with their names.
   * Absent where the reply itself names all of them.
   */
  newMade?(container: string, signal: AbortSignal): Promise<(MadeFile & { name: string })[]>;
  /** A file that a tool has made; null for one of more than `maxBytes`. Absent where that cannot be. */
  fetchMade?(file: MadeFile, maxBytes: number, signal: AbortSignal): Promise<FetchedFile | null>;
}

/** Below it, sending a file along costs less than keeping it elsewhere. */
const WORTH_BYTES = 4 * 1024 * 1024;

/** Pictures and documents, which is what models read by reference. */
export function isLargePictureOrPdf(mediaType: string, bytes: number): boolean {
  return bytes >= WORTH_BYTES && /^(?:image\/(?:png|jpeg|gif|webp)|application\/pdf)$/.test(mediaType);
}

export function isLarge(bytes: number): boolean {
  return bytes >= WORTH_BYTES;
}

/** Runs a request of an SDK and brings its errors into words. */
export async function inWordsOf<T>(backend: BackendSpec, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (thrown) {
    throw new Error(thrownError(thrown, backend.baseUrl, secretsOf(backend)).message, { cause: thrown });
  }
}

/** The same for a removal: what is gone need not be removed. */
export async function removed(backend: BackendSpec, ask: () => Promise<unknown>): Promise<void> {
  await inWordsOf(backend, async () => {
    try {
      await ask();
    } catch (thrown) {
      if ((thrown as { status?: unknown }).status !== 404) throw thrown;
    }
  });
}

/** The file that an answer holds; null where it is larger. */
export async function fetched(
  response: Response,
  maxBytes: number,
  name: string | null = null,
): Promise<FetchedFile | null> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.length;
    // Leaving the loop lets go of the server.
    if (size > maxBytes) return null;
    parts.push(part);
  }
  const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? null;
  return { content: Buffer.concat(parts), name, mediaType: type === 'application/octet-stream' ? null : type };
}
