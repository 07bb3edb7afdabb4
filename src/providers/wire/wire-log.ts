import type { JsonObject, JsonValue } from '../../events/json.ts';

/** An answer of the server that is no stream of events. */
export interface Refusal {
  status: number;
  headers: Headers;
  /** Parsed body, or its text. */
  body: JsonValue;
  isWebPage: boolean;
}

/** What one HTTP request brought besides its events. */
export interface WireLog {
  refusal: Refusal | null;
  /** The error that the server put into the stream. */
  streamError: JsonObject | null;
  /** `data: [DONE]` came. */
  isDone: boolean;
  /** The body ended inside an event. */
  isCut: boolean;
}
