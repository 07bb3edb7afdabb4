import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectRedis, readRedisAddress } from '../../../src/evaluation/dispatch/queue/connect-redis.ts';
import type { Redis } from 'ioredis';

export const HAS_REDIS = spawnSync('redis-server', ['--version']).status === 0;
if (!HAS_REDIS) {
  console.warn('redis-server is missing, so tests of the queue are skipped: apt-get install redis-server');
}

export interface RedisServer {
  address: string;
  connect(): Promise<Redis>;
  /** Ends the server as a crash would, and starts it again on what it wrote down. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A real server of the test's own, on a socket in a folder of its own, that writes down every change at once. */
export async function startRedis(): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'massgen-redis-'));
  const path = join(folder, 'redis.sock');
  const address = readRedisAddress(`unix:${path}`);
  let server = await launch(folder, path);
  const kill = async (): Promise<void> => {
    const gone = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGKILL');
    await gone;
  };
  return {
    address: `unix:${path}`,
    connect: () => connectRedis(address),
    async restart() {
      await kill();
      rmSync(path, { force: true });
      server = await launch(folder, path);
    },
    async stop() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function launch(folder: string, path: string): Promise<ChildProcess> {
  const options = ['--port', '0', '--unixsocket', path, '--dir', folder, '--appendonly', 'yes', '--save', ''];
  const server = spawn('redis-server', [...options, '--appendfsync', 'always'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let said = '';
    server.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if (/ready to accept connections/i.test(said)) resolve(server);
    });
    server.once('exit', () => reject(new Error(`redis-server ended: ${said}`)));
  });
}
