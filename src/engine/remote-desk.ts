import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackendSpec } from '../config/team.ts';
import type { InputFile } from '../events/event.ts';
import type { LoadedFile } from '../events/message.ts';
import type { Clock } from '../platform/clock.ts';
import { messageOf } from '../platform/errors.ts';
import type { Provider } from '../providers/provider.ts';
import type { RemoteFile, RemoteFiles, RemoteThing } from '../providers/remote/remote-files.ts';
import { inputsOf, loadInput } from './input-files.ts';
import {
  leftText,
  plainAddress,
  readRemote,
  removeRemote,
  writeRemote,
  type RemoteConnect,
  type RemoteEntry,
} from './remote-record.ts';

/** What goes along with one request. */
export interface LoadedInputs {
  files: LoadedFile[];
  /** Stores at the provider that hold the rest. */
  stores: string[];
}

/** The one who asks: an agent with the model that it has now. */
export interface InputReader {
  id: string;
  backend: BackendSpec;
  provider: Provider;
}

/** How long the end of a run waits for providers. */
const CLOSE_MS = 8_000;

/**
 * Keeps the files of a run's question where its models read them best: small ones in every request, large ones and those
 * to be searched at the provider, once for each key. What is put there is written into the run's folder before it is
 * used, and taken away when the run ends, also what an earlier process has left.
 */
export class RemoteDesk {
  readonly #dir: string;
  readonly #clock: Clock;
  readonly #connect: RemoteConnect;
  readonly #tell: (problem: string) => void;
  /** Uploads by provider, key and file. */
  readonly #uploads = new Map<string, Promise<RemoteFile | null>>();
  readonly #stores = new Map<string, Promise<RemoteThing | null>>();
  /** Connections of this process, by provider and address. */
  readonly #open = new Map<string, RemoteFiles>();
  #entries: Promise<RemoteEntry[]>;

  /**
   * `connect` reaches what an earlier process has left; `tell` is told, in a full sentence, what the run goes on
   * without.
   */
  constructor(options: { dir: string; clock: Clock; connect?: RemoteConnect; tell?: (problem: string) => void }) {
    this.#dir = options.dir;
    this.#clock = options.clock;
    this.#connect = options.connect ?? (() => Promise.resolve(null));
    this.#tell = options.tell ?? (() => undefined);
    this.#entries = readRemote(options.dir);
  }

  /** Rejects with the system's error where the run's copy of a file is gone, and with the signal's reason. */
  async load(inputs: readonly InputFile[], reader: InputReader, signal: AbortSignal): Promise<LoadedInputs> {
    const own = inputsOf(inputs, reader.id);
    const searched = own.filter(({ isSearched }) => isSearched === true);
    const store = searched.length === 0 ? null : await this.#storeFor(searched, reader, signal);
    const rest = store === null ? own : own.filter(({ isSearched }) => isSearched !== true);
    const files = await Promise.all(rest.map((input) => this.#loadOne(input, reader, signal)));
    return { files, stores: store === null ? [] : [store.id] };
  }

  /**
   * Takes away what is at the providers, once what is on its way there has ended, which the signal of `load` hastens.
   * Never rejects, and waits for their removal only a few seconds.
   */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#uploads.values(), ...this.#stores.values()]);
    const entries = await this.#entries;
    if (entries.length === 0) return;
    const late = new AbortController();
    const stop = this.#clock.after(CLOSE_MS, () => late.abort(new Error('The provider did not answer in time.')));
    const connect: RemoteConnect = async (entry) => this.#open.get(addressOf(entry)) ?? (await this.#connect(entry));
    const left = await removeRemote(entries, connect, late.signal);
    stop();
    await writeRemote(this.#dir, left).catch(() => undefined);
    this.#entries = Promise.resolve(left);
    if (left.length > 0) this.#tell(leftText(left));
  }

  async #loadOne(input: InputFile, reader: InputReader, signal: AbortSignal): Promise<LoadedFile> {
    const { name, mediaType, bytes } = input;
    const isWorthIt = reader.provider.files?.isWorthIt(mediaType, bytes) === true;
    const file = isWorthIt ? await this.#upload(input, reader, signal) : null;
    if (!file) return loadInput(input, this.#dir);
    return { name, mediaType, base64: '', remote: { id: file.id, ...(file.uri !== undefined && { uri: file.uri }) } };
  }

  /** Once for each file and key; null where the provider did not take it. */
  #upload(input: InputFile, reader: InputReader, signal: AbortSignal): Promise<RemoteFile | null> {
    const { backend, provider } = reader;
    return once(this.#uploads, `${placeOf(backend)} ${input.path}`, () =>
      this.#try(input.name, backend, signal, async () => {
        const content = new Uint8Array(await readFile(join(this.#dir, input.path)));
        const file = await filesOf(provider).upload({ ...input, content }, signal);
        await this.#note(file, reader);
        return file;
      }),
    );
  }

  #storeFor(inputs: readonly InputFile[], reader: InputReader, signal: AbortSignal): Promise<RemoteThing | null> {
    const { backend, provider } = reader;
    const { files: kept } = provider;
    if (!kept?.openStore || !kept.whenReady || backend.features?.fileSearch !== true) return Promise.resolve(null);
    const key = `${placeOf(backend)} ${inputs.map(({ path }) => path).join(' ')}`;
    return once(this.#stores, key, async () => {
      const files = await Promise.all(inputs.map((input) => this.#upload(input, reader, signal)));
      const ids = files.flatMap((file) => file?.id ?? []);
      if (ids.length === 0) return null;
      return this.#try('The store of files', backend, signal, async () => {
        const store = await kept.openStore?.(`massgen ${reader.id}`, ids, signal);
        if (!store) return null;
        await this.#note(store, reader);
        await kept.whenReady?.(store, signal);
        return store;
      });
    });
  }

  /** What a provider does not take is no reason to stop. */
  async #try<T>(what: string, { type }: BackendSpec, signal: AbortSignal, make: () => Promise<T>): Promise<T | null> {
    try {
      return await make();
    } catch (error) {
      if (signal.aborted) throw error;
      const why = messageOf(error);
      this.#tell(`${what} could not be kept at ${type}, and goes along with every request as far as it can: ${why}`);
      return null;
    }
  }

  async #note({ kind, id }: RemoteThing, { backend, provider }: InputReader): Promise<void> {
    const { type, baseUrl, apiKeyVariables } = backend;
    this.#open.set(addressOf(backend), filesOf(provider));
    let trouble: Error | null = null;
    this.#entries = this.#entries.then(async (entries) => {
      const all = [...entries, { kind, id, type, baseUrl: plainAddress(baseUrl), keyVariables: apiKeyVariables }];
      // What cannot be written down is not used, but taken away all the same.
      await writeRemote(this.#dir, all).catch((error: unknown) => (trouble = new Error(messageOf(error))));
      return all;
    });
    await this.#entries;
    if (trouble) throw trouble;
  }
}

function addressOf({ type, baseUrl }: Pick<RemoteEntry, 'type' | 'baseUrl'>): string {
  return `${type} ${plainAddress(baseUrl) ?? ''}`;
}

/** Files belong to the account of a key. */
function placeOf({ type, baseUrl, apiKey }: BackendSpec): string {
  return `${type} ${baseUrl ?? ''} ${apiKey ?? ''}`;
}

function filesOf({ files }: Provider): RemoteFiles {
  if (!files) throw new Error('The provider keeps no files.');
  return files;
}

/** A promise that was rejected, which only a stopped run does, is no result to keep. */
function once<T>(made: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = made.get(key);
  if (known) return known;
  const promise = make();
  made.set(key, promise);
  promise.catch(() => made.delete(key));
  return promise;
}
