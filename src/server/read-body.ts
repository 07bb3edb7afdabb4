import { isJsonObject, type JsonObject } from '../events/json.ts';
import { refusal } from './asked.ts';
import { HttpRefusal } from './http-refusal.ts';

/**
 * The body of a request as a JSON object; without a length it is counted while it comes. Throws an HttpRefusal for one
 * that is longer, or is something else.
 */
export async function readBody(request: Request, maxBytes: number): Promise<JsonObject> {
  const text = await readText(request, maxBytes);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw refusal('body', 'The request is no valid JSON.', 'invalid_json');
  }
  if (!isJsonObject(body)) throw refusal('body', 'The request must be a JSON object.', 'invalid_json');
  return body;
}

async function readText(request: Request, maxBytes: number): Promise<string> {
  const tooLarge = (): HttpRefusal =>
    new HttpRefusal(413, 'request_too_large', `The request is larger than ${maxBytes} bytes.`);
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge();
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of request.body ?? []) {
    bytes += part.byteLength;
    if (bytes > maxBytes) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
