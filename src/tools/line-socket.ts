import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isJsonObject, type JsonObject, type JsonValue } from '../events/json.ts';
import { randomHex } from '../platform/entropy.ts';

/** The way back to a process on the other end. */
export interface LineLink {
  send(message: JsonObject): void;
  close(): void;
}

/** What one process is talked to with, made when it has shown its token. */
export interface LineTalk {
  onMessage(message: JsonObject): void;
  /** The process went away, or was sent away. */
  onClose?(): void;
}

type Begin = (link: LineLink) => LineTalk;

const MAX_LINE_CHARS = 16 * 1024 * 1024;

/**
 * A Unix socket for processes that this program starts for one agent: JSON objects, one per line, in both directions.
 * Its folder belongs to this user alone, and only a process that knows a token is heard; its first line is
 * `{"token": …}`. The socket lives in a folder of its own with a short path, since socket paths must be short.
 */
export class LineSocket {
  /** Absolute and real; for scripts that the processes run as well. */
  readonly folder: string;
  readonly path: string;
  readonly #server: Server;
  readonly #begins = new Map<string, Begin>();
  readonly #sockets = new Set<Socket>();

  private constructor(folder: string, server: Server) {
    this.folder = folder;
    this.path = join(folder, 's');
    this.#server = server;
    server.on('connection', (socket) => this.#receive(socket));
  }

  /** Rejects with the system's error when there can be no socket. */
  static async open(): Promise<LineSocket> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'massgen-')));
    await chmod(folder, 0o700);
    const server = createServer();
    const socket = new LineSocket(folder, server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(socket.path, () => resolve());
    });
    server.unref();
    return socket;
  }

  /** Lets whoever shows the token talk, until `release`; that sends those who talk away. */
  admit(begin: Begin): { token: string; release: () => void } {
    const token = randomHex(16);
    const links = new Set<LineLink>();
    this.#begins.set(token, (link) => {
      links.add(link);
      return begin(link);
    });
    const release = (): void => {
      this.#begins.delete(token);
      for (const link of links) link.close();
    };
    return { token, release };
  }

  /** Never rejects; safe to call twice. */
  async dispose(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await rm(this.folder, { recursive: true, force: true }).catch(() => undefined);
  }

  #receive(socket: Socket): void {
    this.#sockets.add(socket);
    let talk: LineTalk | null = null;
    let rest = '';
    const link: LineLink = {
      send: (message) => void (socket.writable && socket.write(`${JSON.stringify(message)}\n`)),
      close: () => socket.destroy(),
    };
    const onLine = (line: string): void => {
      const message = parsed(line);
      if (!message) return void socket.destroy();
      if (talk) return talk.onMessage(message);
      const { token } = message;
      const begin = typeof token === 'string' ? this.#begins.get(token) : undefined;
      if (begin) talk = begin(link);
      else socket.destroy();
    };
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (!socket.destroyed) onLine(line);
      if (rest.length > MAX_LINE_CHARS) socket.destroy();
    });
    // What goes wrong with a connection ends it, which is told below.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      talk?.onClose?.();
    });
  }
}

function parsed(line: string): JsonObject | null {
  try {
    const value = JSON.parse(line) as JsonValue;
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}
