import { lookup } from 'node:dns';
import type { IncomingMessage } from 'node:http';
import type { LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import { addressFaultText, vetAddress, vetIp } from '../../config/mcp-addresses.ts';
import type { McpSecurity } from '../../config/tool-needs.ts';

/** `lookup` of node:dns, or what stands in for it in a test. */
export type Resolve = typeof lookup;

/**
 * A fetch that connects only where the rules allow. The address that is judged is the one that is connected to, so a
 * name that resolves differently from time to time gets nowhere. Follows no redirects. Silence longer than
 * `readTimeoutMs` ends the connection.
 */
export function guardedFetch(security: McpSecurity, readTimeoutMs: number, resolve: Resolve = lookup) {
  return async (input: string | URL, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(input);
    const flaw = vetAddress(url.href, security);
    if (flaw !== null) throw new Error(addressFaultText(flaw));
    const isNamed = security.allowedHostnames.includes(url.hostname);
    const { request } = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
    const headers: Record<string, string> = {};
    new Headers(init.headers).forEach((value, name) => (headers[name] = value));
    // Messages are texts; what is sent to log in is a form.
    const text = init.body instanceof URLSearchParams ? init.body.toString() : init.body;
    const body = typeof text === 'string' ? Buffer.from(text) : null;
    if (body) headers['content-length'] = String(body.length);
    return new Promise((settle, fail) => {
      const outgoing = request(
        url,
        {
          method: init.method ?? 'GET',
          headers,
          ...(init.signal && { signal: init.signal }),
          ...(!isNamed && { lookup: guardedLookup(security, resolve) }),
        },
        (incoming) => settle(toResponse(incoming)),
      );
      outgoing.setTimeout(readTimeoutMs, () => outgoing.destroy(new Error('The server was silent for too long.')));
      outgoing.on('error', fail);
      outgoing.end(body ?? undefined);
    });
  };
}

function guardedLookup(security: McpSecurity, resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const flaw = addresses.map(({ address }) => vetIp(address, security)).find((each) => each !== null);
      if (flaw) return callback(new Error(addressFaultText(flaw)), []);
      const [first] = addresses;
      if (options.all) callback(null, addresses);
      else if (first) callback(null, first.address, first.family);
      else callback(new Error('The host has no address.'), []);
    });
  };
}

const WITHOUT_BODY = new Set([204, 205, 304]);

function toResponse(incoming: IncomingMessage): Response {
  const status = incoming.statusCode ?? 500;
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const each of Array.isArray(value) ? value : [value ?? '']) headers.append(name, each);
  }
  if (WITHOUT_BODY.has(status)) {
    incoming.resume();
    return new Response(null, { status, headers });
  }
  return new Response(Readable.toWeb(incoming) as ReadableStream<Uint8Array>, { status, headers });
}
