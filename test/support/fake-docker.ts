import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import { onTestFinished } from 'vitest';

/** A request that the engine got. */
export interface Asked {
  call: string;
  query: Record<string, string | string[]>;
  body: unknown;
}

interface FakeContainer {
  id: string;
  name: string;
  labels: Record<string, string>;
  /** As it was asked for. */
  body: Record<string, unknown>;
  isRunning: boolean;
  isOutOfMemory: boolean;
}

interface FakeExec {
  container: FakeContainer;
  body: { Cmd: string[]; Env: string[]; WorkingDir: string; AttachStdin: boolean };
  pid: number | null;
  exitCode: number | null;
}

/**
 * The part of the Docker Engine API that runs commands, over a Unix socket, as its documentation describes it: what is
 * executed in a container runs as a process of this machine, and its output goes out in the engine's frames.
 */
export class FakeDocker {
  readonly asked: Asked[] = [];
  readonly containers = new Map<string, FakeContainer>();
  /** By name; what `pull` fetches is in the other one. */
  readonly images = new Map<string, { Id: string; Config: { Env: string[]; User: string } }>();
  readonly registry = new Map<string, string[]>();
  /** Whether the registry falls silent after what it tells; `leftPulls` are those whose client went away then. */
  isSilent = false;
  leftPulls = 0;
  info: Record<string, unknown> = {
    ServerVersion: '28.1.0',
    OperatingSystem: 'Debian GNU/Linux 12',
    SecurityOptions: ['name=seccomp,profile=builtin'],
    MemoryLimit: true,
    PidsLimit: true,
  };
  /** As an engine of another machine, where the folders of this one are not. */
  refusesMounts = false;
  /** Size of the pieces in which frames are sent, to see that they are put together again. */
  pieceBytes = 0;
  readonly #execs = new Map<string, FakeExec>();
  readonly #server: Server;
  readonly socketPath: string;
  #ids = 0;

  private constructor(socketPath: string) {
    this.socketPath = socketPath;
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.on('upgrade', (request: IncomingMessage, socket: Duplex) => void this.#upgrade(request, socket));
    const path = process.env['PATH'] ?? '';
    this.images.set('massgen/mcp-runtime:latest', {
      Id: 'sha256:base',
      Config: { Env: [`PATH=${path}`], User: 'massgen' },
    });
  }

  static async start(): Promise<FakeDocker> {
    const folder = await mkdtemp(join(tmpdir(), 'massgen-docker-'));
    const fake = new FakeDocker(join(folder, 'docker.sock'));
    await new Promise<void>((resolve) => fake.#server.listen(fake.socketPath, () => resolve()));
    onTestFinished(async () => {
      for (const { pid } of fake.#execs.values()) kill(pid);
      fake.#server.closeAllConnections();
      await new Promise((resolve) => fake.#server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    });
    return fake;
  }

  /** Listens at a port of this machine too, encrypted with these keys, and resolves with it. */
  async openPort(tls: TlsOptions | null = null): Promise<number> {
    const server = tls ? createSecureServer({ ...tls, allowHalfOpen: true, requestCert: true, rejectUnauthorized: true }) : createServer();
    server.on('request', (request, response) => void this.#answer(request, response));
    server.on('upgrade', (request: IncomingMessage, socket: Duplex) => void this.#upgrade(request, socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return (server.address() as AddressInfo).port;
  }

  /** The requests of one kind, in their order. */
  of(call: string): Asked[] {
    return this.asked.filter((each) => each.call === call);
  }

  get calls(): string[] {
    return this.asked.map(({ call }) => call);
  }

  /** Ends a container as the system does when it needs too much. */
  die(container: FakeContainer): void {
    container.isRunning = false;
    container.isOutOfMemory = true;
    for (const { container: of, pid } of this.#execs.values()) if (of === container) kill(pid);
  }

  /** Gives a container another id, as if this process had not made it. */
  rename(container: FakeContainer, id: string): void {
    this.containers.delete(container.id);
    container.id = id;
    this.containers.set(id, container);
  }

  async #read(request: IncomingMessage): Promise<{ asked: Asked; ids: string[] }> {
    const url = new URL(request.url ?? '/', 'http://docker');
    let text = '';
    if (!request.headers.upgrade) for await (const chunk of request) text += String(chunk);
    const ids: string[] = [];
    const path = url.pathname.replace(
      /^\/(containers|exec)\/(?!create$|json$)([^/]+)/,
      (_, kind: string, id: string) => {
        ids.push(id);
        return `/${kind}/ID`;
      },
    );
    const query: Asked['query'] = {};
    for (const name of url.searchParams.keys()) {
      const all = url.searchParams.getAll(name);
      query[name] = all.length === 1 ? (all[0] ?? '') : all;
    }
    const asked = {
      call: `${request.method} ${path}`,
      query,
      body: text === '' ? null : (JSON.parse(text) as unknown),
    };
    this.asked.push(asked);
    return { asked, ids };
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { asked, ids } = await this.#read(request);
    const send = (status: number, body: unknown = null): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(body === null ? '' : JSON.stringify(body));
    };
    const { call, query, body } = asked;
    const container = this.containers.get(ids[0] ?? '');
    const image = /^GET \/images\/(.+)\/json$/.exec(call)?.[1];
    if (call === 'GET /info') return send(200, this.info);
    if (image !== undefined) {
      const found = this.images.get(decodeURIComponent(image));
      return found ? send(200, found) : send(404, { message: `No such image: ${image}` });
    }
    if (call === 'POST /images/create')
      return this.#pull(`${String(query['fromImage'])}:${String(query['tag'])}`, response);
    if (call === 'POST /containers/create')
      return this.#create(String(query['name']), body as FakeContainer['body'], send);
    if (call === 'GET /containers/json') return send(200, this.#list(String(query['filters'])));
    if (call === 'POST /commit') {
      this.images.set(`${String(query['repo'])}:${String(query['tag'])}`, {
        Id: 'sha256:made',
        Config: { Env: [], User: '' },
      });
      return send(201, { Id: 'sha256:made' });
    }
    if (call.includes('/exec/ID')) return this.#execCall(call, ids[0] ?? '', response, send);
    if (!container) return send(404, { message: `No such container: ${ids[0]}` });
    switch (call) {
      case 'POST /containers/ID/start':
        container.isRunning = true;
        return send(204);
      case 'POST /containers/ID/restart':
        for (const exec of this.#execs.values()) if (exec.container === container) kill(exec.pid);
        container.isRunning = true;
        return send(204);
      case 'GET /containers/ID/json':
        return send(200, {
          State: {
            Running: container.isRunning,
            ExitCode: container.isRunning ? 0 : 137,
            OOMKilled: container.isOutOfMemory,
          },
        });
      case 'DELETE /containers/ID':
        this.die(container);
        this.containers.delete(container.id);
        return send(204);
      case 'POST /containers/ID/exec': {
        if (!container.isRunning) return send(409, { message: `container ${container.id} is not running` });
        const id = this.#nextId('exec');
        this.#execs.set(id, { container, body: body as FakeExec['body'], pid: null, exitCode: null });
        return send(201, { Id: id });
      }
      default:
        return send(500, { message: `the fake does not know ${call}` });
    }
  }

  #execCall(call: string, id: string, response: ServerResponse, send: (status: number, body?: unknown) => void): void {
    const exec = this.#execs.get(id);
    if (!exec) return send(404, { message: `No such exec: ${id}` });
    if (call === 'GET /exec/ID/json') return send(200, { Running: isAlive(exec), ExitCode: exec.exitCode });
    response.writeHead(200, { 'content-type': 'application/vnd.docker.multiplexed-stream' });
    response.flushHeaders();
    this.#execute(exec, response);
  }

  async #upgrade(request: IncomingMessage, socket: Duplex): Promise<void> {
    const { ids } = await this.#read(request);
    const exec = this.#execs.get(ids[0] ?? '');
    socket.on('error', () => undefined);
    if (!exec) return void socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
    socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
    this.#execute(exec, socket);
  }

  #execute(exec: FakeExec, out: Duplex | ServerResponse): void {
    const [file = '', ...args] = exec.body.Cmd;
    const env = Object.fromEntries(
      exec.body.Env.map((each) => [each.split('=')[0] ?? '', each.split('=').slice(1).join('=')]),
    );
    const child = spawn(file, args, {
      cwd: exec.body.WorkingDir,
      env: { PATH: process.env['PATH'] ?? '', ...env },
      stdio: [exec.body.AttachStdin ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    });
    exec.pid = child.pid ?? null;
    const frame = (kind: number, chunk: Buffer): void => {
      const header = Buffer.from([kind, 0, 0, 0, 0, 0, 0, 0]);
      header.writeUInt32BE(chunk.length, 4);
      const whole = Buffer.concat([header, chunk]);
      const size = this.pieceBytes || whole.length;
      for (let at = 0; at < whole.length; at += size) out.write(whole.subarray(at, at + size));
    };
    child.stdout?.on('data', (chunk: Buffer) => frame(1, chunk));
    child.stderr?.on('data', (chunk: Buffer) => frame(2, chunk));
    if (exec.body.AttachStdin && child.stdin) out.on('end', () => child.stdin?.end());
    if (exec.body.AttachStdin && 'pipe' in out && child.stdin)
      (out as Duplex).on('data', (chunk) => child.stdin?.write(chunk));
    child.on('close', (code, signal) => {
      exec.exitCode = code ?? (signal ? 137 : 1);
      exec.pid = null;
      out.end();
    });
  }

  #create(name: string, body: FakeContainer['body'], send: (status: number, body?: unknown) => void): void {
    const image = String(body['Image']);
    if (!this.images.has(image) && ![...this.images.values()].some(({ Id }) => Id === image)) {
      return send(404, { message: `No such image: ${image}` });
    }
    if (this.refusesMounts) {
      return send(400, { message: 'invalid mount config for type "bind": bind source path does not exist: /x' });
    }
    const id = this.#nextId('container');
    const labels = body['Labels'] as FakeContainer['labels'];
    this.containers.set(id, { id, name, labels, body, isRunning: false, isOutOfMemory: false });
    send(201, { Id: id, Warnings: [] });
  }

  #pull(name: string, response: ServerResponse): void {
    const lines = this.registry.get(name);
    if (!lines) {
      response.writeHead(404, { 'content-type': 'application/json' });
      return void response.end(JSON.stringify({ message: `pull access denied for ${name}` }));
    }
    this.images.set(name, { Id: `sha256:${name}`, Config: { Env: [], User: '' } });
    response.writeHead(200, { 'content-type': 'application/json' });
    for (const line of lines) response.write(`${line}\r\n`);
    if (this.isSilent) response.on('close', () => void (this.leftPulls += 1));
    else response.end();
  }

  #list(filters: string): object[] {
    const { label = [] } = JSON.parse(filters) as { label?: string[] };
    return [...this.containers.values()]
      .filter(({ labels }) =>
        label.every((each) => {
          const [name = '', ...value] = each.split('=');
          return value.length === 0 ? name in labels : labels[name] === value.join('=');
        }),
      )
      .map(({ id, labels, isRunning }) => ({ Id: id, Labels: labels, State: isRunning ? 'running' : 'exited' }));
  }

  #nextId(kind: string): string {
    this.#ids += 1;
    return `${kind}${this.#ids}`;
  }
}

function isAlive({ pid }: FakeExec): boolean {
  return pid !== null;
}

function kill(pid: number | null): void {
  if (pid === null) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
