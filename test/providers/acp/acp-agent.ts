import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect } from 'vitest';
import type { AcpSpec } from '../../../src/config/external-agent.ts';
import type { Message } from '../../../src/events/message.ts';
import { createRealClock } from '../../../src/platform/clock.ts';
import { createAcpProvider } from '../../../src/providers/acp/provider.ts';
import type { AgentDesk } from '../../../src/providers/agent-desk.ts';
import type { ModelEvent, ModelRequest, Provider } from '../../../src/providers/provider.ts';
import { workflowTools } from '../../../src/coordination/protocol.ts';
import { testBackend, testRequest } from '../backend.ts';

export const AGENT = fileURLToPath(new URL('./test-agent.ts', import.meta.url));
export const tools = workflowTools(['agent1', 'agent2'], 'plurality');

let place = '';
/** A folder of the test's own. */
export const folder = (): string => place;
const open: Provider[] = [];

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'massgen-acp-'));
});

afterEach(async () => {
  for (const each of open.splice(0)) await each.close?.();
  await rm(place, { recursive: true, force: true });
});

/** A connection to the test agent, which is closed after the test. */
export async function provider(
  spec: Partial<AcpSpec> = {},
  idleTimeoutMs = 20_000,
  clock = createRealClock(),
): Promise<Provider> {
  const external: AcpSpec = {
    kind: 'acp',
    name: 'tester',
    command: process.execPath,
    args: [AGENT],
    env: { PATH: process.env['PATH'] ?? '', TEST_KEY: 'a-key-of-its-own' },
    install: 'Install it: npm install tester',
    authMethods: [],
    model: null,
    permissionMode: 'default',
    ...spec,
  };
  const made = await createAcpProvider(testBackend({ type: 'acp', protocol: 'acp', external, idleTimeoutMs }), {
    clock,
  });
  open.push(made);
  return made;
}

/** A request that has the test agent take these steps. */
export function asking(steps: object[], part: Partial<ModelRequest> = {}, before: Message[] = []): ModelRequest {
  return testRequest({ messages: [...before, { role: 'user', text: `Hello\ndo:${JSON.stringify(steps)}` }], ...part });
}

/** A desk that gives and reads the files of that folder. */
export function desk(part: Partial<AgentDesk> = {}): AgentDesk {
  return {
    workspace: place,
    runTool: () => Promise.reject(new Error('not used here')),
    readFile: (path) => (path.startsWith(place) ? readFile(path, 'utf8') : Promise.reject(new Error('outside'))),
    writeFile: (path) => Promise.reject(new Error(`${path} is outside`)),
    approve: (_, mode) =>
      Promise.resolve({ isAllowed: mode?.isAllowed ?? false, scope: 'once', reason: 'Nobody is there.' }),
    noteDecision: () => Promise.resolve(),
    forbids: () => Promise.resolve(null),
    ...part,
  };
}

export const withoutTime = (events: ModelEvent[]): unknown[] =>
  events.map((event) => (event.type === 'own-result' ? { ...event, durationMs: 0 } : event));

export const textOf = (events: ModelEvent[]): string => {
  const end = events.at(-1);
  return end?.type === 'finished' ? end.message.text : JSON.stringify(end);
};

/** Of the first use in a process. */
export const OWN_ID = expect.stringMatching(/^own_[0-9a-f]+_1$/) as string;
