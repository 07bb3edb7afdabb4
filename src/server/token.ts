import { createHash, timingSafeEqual } from 'node:crypto';
import { HttpRefusal } from './http-refusal.ts';

/**
 * Checks the `authorization` header of requests; throws an HttpRefusal (401) for every other token. Digests are
 * compared, in constant time, so neither the token's characters nor its length can be found by timing.
 */
export function createTokenCheck(token: string): (header: string | undefined) => void {
  const expected = digest(token);
  return (header) => {
    const given = /^Bearer +(.+)$/i.exec(header?.trim() ?? '')?.[1] ?? '';
    if (timingSafeEqual(digest(given), expected)) return;
    const message =
      given === ''
        ? 'No token was sent. Use the token that "massgen serve" was started with as the API key.'
        : 'The token is not the one that "massgen serve" was started with.';
    throw new HttpRefusal(401, 'invalid_api_key', message);
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
