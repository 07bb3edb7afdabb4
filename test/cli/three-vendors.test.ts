import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { foldEvents } from '../../src/coordination/apply.ts';
import type { RunState } from '../../src/coordination/state.ts';
import type { RunEvent } from '../../src/events/event.ts';
import { readAll } from '../../src/runlog/read-run-log.ts';
import { startLoopback, type Handler } from '../support/loopback-server.ts';
import { runCommandLine, withFolder, type Ended } from './command-process.ts';

const SECRETS = {
  config: 'sk-planted-in-the-config-0123456789',
  environment: 'planted.in.the.environment',
  header: 'planted-in-a-header-0123456789',
  unused: 'planted-but-not-used-0123456789',
};

const team = (url: string): string => `
agents:
  - id: gpt
    backend: { type: openai, model: gpt-5-mini, base_url: "${url}/v1", api_key: ${SECRETS.config} }
  - id: claude
    backend: { type: claude, model: claude-sonnet-4-5-20250929, base_url: "${url}", headers: { x-gateway-token: ${SECRETS.header} } }
  - id: gemini
    backend: { type: gemini, model: gemini-2.5-flash, base_url: "${url}" }
  - id: llama
    backend: { type: chatcompletion, model: unpriced-model, base_url: "${url}/v1", api_key_env: LLAMA_KEY }
`;

const ENV = {
  ANTHROPIC_API_KEY: SECRETS.environment,
  GEMINI_API_KEY: `${SECRETS.environment}-2`,
  LLAMA_KEY: `${SECRETS.environment}-3`,
  SOME_OTHER_TOKEN: SECRETS.unused,
};

/** A model that answers, votes for the first agent it is offered, and repeats a secret that it must not know. */
const model: Handler = ({ body, protocol }) => {
  const text = JSON.stringify(body);
  const usage = { input: 1_000, output: 100 };
  if (text.includes('Present it to the user')) return { text: 'The presented answer.', usage };
  if (text.includes('The current answers')) {
    return { text: 'I judge.', calls: [{ name: 'vote', args: { agent_id: 'agent1', reason: 'It is right.' } }], usage };
  }
  return {
    reasoning: `thinking of ${SECRETS.unused}`,
    calls: [{ name: 'new_answer', args: { content: `The answer of ${protocol}; ${SECRETS.environment}` } }],
    usage,
  };
};

async function runTeam(
  use: (result: {
    ended: Ended;
    state: RunState;
    dir: string;
    requests: number;
    events: RunEvent[];
  }) => void | Promise<void>,
): Promise<void> {
  const server = await startLoopback(model);
  try {
    await withFolder({ 'team.yaml': team(server.url) }, async (cwd) => {
      const ended = await runCommandLine(['--config', 'team.yaml', '--seed', '3', 'Why is the sky blue?'], {
        cwd,
        env: ENV,
      });
      const [run = ''] = await readdir(join(cwd, '.massgen', 'runs')).catch(() => []);
      const dir = join(cwd, '.massgen', 'runs', run);
      const events = await readAll(dir);
      const state = foldEvents(events);
      if (!state) throw new Error(`the run left no log: ${ended.stderr}`);
      await use({ ended, state, dir, requests: server.requests.length, events });
    });
  } finally {
    await server.close();
  }
}

describe('a team of four protocols, through the real SDKs', () => {
  it('comes to a presented answer with a draft, a ballot each, and one presenter', async () => {
    await runTeam(({ ended, state, requests }) => {
      expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code: 0, stdout: 'The presented answer.\n' });
      expect(state.winner?.label).toBe('agent1.1');
      expect(requests).toBe(9);
    });
  });

  it('knows what each agent used and cost, and says where it does not know', async () => {
    await runTeam(({ state }) => {
      const spent = Object.fromEntries(
        Object.values(state.agents).map((agent) => [
          agent.info.id,
          { input: agent.usage.input, known: agent.cost.isComplete, paid: agent.cost.usd > 0 },
        ]),
      );
      const winner = state.agents[state.final ? 'agent1' : '']?.info.id;
      const input = (id: string): number => (id === winner ? 3_000 : 2_000);
      expect(spent).toEqual({
        gpt: { input: input('gpt'), known: true, paid: true },
        claude: { input: input('claude'), known: true, paid: true },
        gemini: { input: input('gemini'), known: true, paid: true },
        llama: { input: input('llama'), known: false, paid: false },
      });
      expect(state.usage.input).toBe(9_000);
    });
  });

  it('leaves a log that folds to the state of status.json', async () => {
    await runTeam(async ({ state, dir }) => {
      const status = JSON.parse(await readFile(join(dir, 'status.json'), 'utf8')) as {
        results: { winner: string; final_answer_preview: string };
      };
      expect(status.results.winner).toBe(state.agents['agent1']?.info.id);
      expect(status.results.final_answer_preview).toBe('The presented answer.');
    });
  });

  it("writes no secret anywhere in the run's folder, nor on the screen", async () => {
    await runTeam(async ({ dir, ended }) => {
      const names = await readdir(dir, { recursive: true, withFileTypes: true });
      const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      expect(files.length).toBeGreaterThan(5);
      const written =
        (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('\n') + ended.stdout + ended.stderr;
      expect(
        Object.entries(SECRETS)
          .filter(([, secret]) => written.includes(secret))
          .map(([where]) => where),
      ).toEqual([]);
      expect(written).toContain('[redacted]');
    });
  });
});
