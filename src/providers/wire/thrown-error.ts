import type { ModelError } from '../../events/model-error.ts';
import { safeMessage } from './secrets.ts';

const REASONS: Record<string, string> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name could not be looked up',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
};

/** The error of a call that threw: a broken connection, broken JSON in the stream, or a fault of the SDK. */
export function thrownError(thrown: unknown, baseUrl: string | null, secrets: readonly string[]): ModelError {
  const chain = causes(thrown);
  const code = chain.map((error) => (error as { code?: unknown }).code).find((c) => typeof c === 'string');
  const where = baseUrl !== null && URL.canParse(baseUrl) ? new URL(baseUrl).host : 'The server';
  if (typeof code === 'string' && (code in REASONS || code.startsWith('UND_ERR') || /^E[A-Z]+$/.test(code))) {
    return { kind: 'network', message: `${where}: ${REASONS[code] ?? 'the connection failed'} (${code}).` };
  }
  if (chain.some((error) => error instanceof SyntaxError || /JSON|parsing stream chunk/.test(error.message))) {
    return { kind: 'protocol', message: 'The stream held an event that is no JSON.' };
  }
  const first = chain.at(-1);
  const words = safeMessage(first?.message ?? String(thrown), secrets);
  const isNetwork = chain.some(
    (error) => error instanceof TypeError && /fetch failed|terminated|network/i.test(error.message),
  );
  if (isNetwork) return { kind: 'network', message: `${where}: the connection failed (${words}).` };
  // `fetch` refuses certificates with codes of OpenSSL, which are in the words.
  if (chain.some((error) => /certificate|self.signed|ssl|tls/i.test(error.message))) {
    return { kind: 'bad-request', message: `${where}: ${words}` };
  }
  return { kind: 'protocol', message: words === '' ? 'The model call failed.' : words };
}

function causes(thrown: unknown): Error[] {
  const chain: Error[] = [];
  for (let error = thrown; error instanceof Error && chain.length < 8; error = error.cause) chain.push(error);
  return chain;
}
