import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ConfigObject } from '../../src/api/config-object.ts';

export type Turns = readonly Record<string, unknown>[];

/** A team that plays scripts, as a config. */
export function scriptedConfig(scripts: Record<string, Turns>, rest: Partial<ConfigObject> = {}): ConfigObject {
  return {
    agents: Object.entries(scripts).map(([id, turns]) => ({ id, backend: { type: 'scripted', script: { turns } } })),
    orchestrator: { final_answer: 'reuse' },
    ...rest,
  };
}

/** Two agents; both vote for what ann says. */
export function pair(answer: string): ConfigObject {
  return scriptedConfig({
    ann: [
      { when: 'draft', answer, usage: { input: 10, output: 2 }, cost_usd: 0.5 },
      { when: 'judge', vote: 'self' },
    ],
    bob: [
      { when: 'draft', answer: 'Something else entirely.', usage: { input: 100, output: 20 } },
      { when: 'judge', vote: 'other' },
    ],
  });
}

/** One agent that says nothing until it is stopped. */
export function silent(): ConfigObject {
  return scriptedConfig({ ann: [{ text: 'I begin', hang: true }] });
}

/** One model behind a loopback server. */
export function oneModel(url: string, rest: Record<string, unknown> = {}): ConfigObject {
  return {
    agents: [{ id: 'solo', backend: { type: 'chatcompletion', model: 'local-model', base_url: `${url}/v1`, ...rest } }],
  };
}

/** An empty folder that is gone after the test. */
export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'massgen-api-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}
