import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import type {
  OAuthClientInformationMixed,
  OAuthClientMetadata,
  OAuthTokens,
} from '@modelcontextprotocol/sdk/shared/auth.js';
import { writeFileAtomic } from '../../platform/atomic-file.ts';

/** How a person is sent to where they log in; only while they are there. */
export interface LoginVisit {
  redirectUrl: string;
  state: string;
  open(address: URL): void | Promise<void>;
}

interface Kept {
  client?: OAuthClientInformationMixed;
  tokens?: OAuthTokens;
  verifier?: string;
}

export function loginsFolder(home: string): string {
  return join(home, '.massgen', 'oauth');
}

/** Where the login of one server is kept; `folder` is `~/.massgen/oauth`. Servers of one address share it. */
export function loginFile(folder: string, url: string): string {
  const address = new URL(url);
  const mark = createHash('sha256').update(address.href).digest('hex').slice(0, 12);
  return join(folder, `${address.hostname.replaceAll(/[^a-z0-9.-]/gi, '_')}-${mark}.json`);
}

/**
 * A login at one server, in a file that only its owner can read. Tokens are renewed as they run out. Without a visit
 * nobody can be sent anywhere: a server that wants a new login then gets an error that says how to log in.
 */
export class StoredLogin implements OAuthClientProvider {
  readonly #path: string;
  readonly #server: string;
  readonly #visit: LoginVisit | null;

  constructor(path: string, server: string, visit: LoginVisit | null = null) {
    this.#path = path;
    this.#server = server;
    this.#visit = visit;
  }

  get redirectUrl(): string {
    return this.#visit?.redirectUrl ?? 'http://127.0.0.1/callback';
  }

  get clientMetadata(): OAuthClientMetadata {
    return {
      client_name: 'MassGen',
      redirect_uris: [this.redirectUrl],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    };
  }

  state(): string {
    return this.#visit?.state ?? '';
  }

  async clientInformation(): Promise<OAuthClientInformationMixed | undefined> {
    return (await this.#read()).client;
  }

  saveClientInformation(client: OAuthClientInformationMixed): Promise<void> {
    return this.#change({ client });
  }

  async tokens(): Promise<OAuthTokens | undefined> {
    return (await this.#read()).tokens;
  }

  saveTokens(tokens: OAuthTokens): Promise<void> {
    return this.#change({ tokens });
  }

  async redirectToAuthorization(address: URL): Promise<void> {
    if (!this.#visit) throw new Error(loginAdvice(this.#server));
    await this.#visit.open(address);
  }

  saveCodeVerifier(verifier: string): Promise<void> {
    return this.#change({ verifier });
  }

  async codeVerifier(): Promise<string> {
    return (await this.#read()).verifier ?? '';
  }

  async invalidateCredentials(scope: 'all' | 'client' | 'tokens' | 'verifier' | 'discovery'): Promise<void> {
    if (scope === 'all') return rm(this.#path, { force: true });
    if (scope === 'discovery') return;
    const { [scope]: _, ...kept } = await this.#read();
    await this.#write(kept);
  }

  async #read(): Promise<Kept> {
    try {
      return JSON.parse(await readFile(this.#path, 'utf8')) as Kept;
    } catch {
      // None yet, or one that cannot be read: as good as none.
      return {};
    }
  }

  async #change(more: Kept): Promise<void> {
    await this.#write({ ...(await this.#read()), ...more });
  }

  async #write(kept: Kept): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    await writeFileAtomic(this.#path, `${JSON.stringify(kept)}\n`, { mode: 0o600 });
  }
}

export function loginAdvice(server: string): string {
  return `The server asks for a login. Run: massgen mcp login ${server}`;
}
