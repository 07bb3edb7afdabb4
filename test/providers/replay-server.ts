import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BackendSpec, Protocol } from '../../src/config/team.ts';
import { testBackend } from './backend.ts';
import type { Recording } from './recording-expectations.ts';

/**
 * Recorded answers of real providers, and a server that plays them. They are no part of this project: tests that need
 * them are skipped where they are absent.
 */
const SHARED = join(import.meta.dirname, '../../../shared');
export const RECORDINGS_DIR = join(SHARED, 'fixtures/provider-streams');
const TOOL = join(SHARED, 'tools/replay-server.mjs');

export const hasRecordings = existsSync(join(RECORDINGS_DIR, 'INDEX.json')) && existsSync(TOOL);

export function readRecordings(): Recording[] {
  if (!hasRecordings) return [];
  const text = readFileSync(join(RECORDINGS_DIR, 'INDEX.json'), 'utf8');
  return (JSON.parse(text) as { recordings: Recording[] }).recordings;
}

export interface ReplayServer {
  url: string;
  requests(): { body: Record<string, unknown>; stem: string | null; headers: Record<string, string> }[];
  responses(): { end: string }[];
  reset(): void;
  close(): Promise<void>;
}

export async function startReplay(): Promise<ReplayServer> {
  const tool = (await import(pathToFileURL(TOOL).href)) as {
    startReplayServer(options: { dir: string }): Promise<ReplayServer>;
  };
  return tool.startReplayServer({ dir: RECORDINGS_DIR });
}

export const WIRES: Record<Recording['api'], { protocol: Protocol; type: string; path: string }> = {
  responses: { protocol: 'responses', type: 'openai', path: '/v1' },
  'chat.completions': { protocol: 'chat', type: 'chatcompletion', path: '/v1' },
  messages: { protocol: 'messages', type: 'claude', path: '' },
  generateContent: { protocol: 'gemini', type: 'gemini', path: '' },
};

/** A backend that is answered with this recording. */
export function replayBackend(
  server: ReplayServer,
  api: Recording['api'],
  spec: string,
  part: Partial<BackendSpec> = {},
): BackendSpec {
  const { protocol, type, path } = WIRES[api];
  return testBackend({ type, protocol, model: `replay:${spec}`, baseUrl: `${server.url}${path}`, ...part });
}
