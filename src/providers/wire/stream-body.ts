/** The body of an answer, in the two ways in which the SDKs read one. */
export interface StreamBody {
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array>;
  getReader(): {
    read(): Promise<IteratorResult<Uint8Array, unknown>>;
    cancel(): Promise<void>;
    releaseLock(): void;
  };
  cancel(): Promise<void>;
}

/**
 * Stands in for a `ReadableStream`, whose queues and promises cost more per event than everything else that is done
 * to it. Read once, by one reader. Cancelling returns the iterator, which lets go of the server.
 */
export function streamBody(pieces: AsyncIterator<Uint8Array>): StreamBody {
  const cancel = async (): Promise<void> => {
    await pieces.return?.();
  };
  return {
    [Symbol.asyncIterator]: () => pieces,
    getReader: () => ({ read: () => pieces.next(), cancel, releaseLock: () => undefined }),
    cancel,
  };
}
