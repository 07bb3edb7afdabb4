import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { chooseTeam } from '../api/choose-team.ts';
import type { RunResult } from '../api/result.ts';
import { startTeam, type TeamRun } from '../api/start-team.ts';
import { findSurroundings } from '../api/surroundings.ts';
import { teamRun } from '../api/team-run.ts';
import type { RunEvent } from '../events/event.ts';
import { lowestLimit } from '../events/settings.ts';
import { messageOf } from '../platform/errors.ts';
import { runsFolder } from '../platform/paths.ts';
import type { RunPool } from './run-pool.ts';

export interface McpTeamOptions {
  /** Configs that callers may choose from; the first is the usual one. Empty is the default config. */
  configs: readonly string[];
  demo: boolean;
  /** Where runs go on; the whole environment, so that a run inside of a run is known as one. */
  cwd: string;
  env: Readonly<Record<string, string>>;
  version: string;
  onProblem: (message: string) => void;
  /** Knows the runs that go on, and stops them. */
  pool: RunPool;
}

const NAME = 'ask_team';

/**
 * The team as an MCP server with one tool. Each server serves one client. A call is a run: its progress is told, a
 * cancelled call cancels it, and what it may spend is bounded by the config, by the call and by the run that it is inside of.
 */
export async function createMcpTeam(options: McpTeamOptions): Promise<McpServer> {
  const [{ McpServer: Server }, z] = await Promise.all([
    import('@modelcontextprotocol/sdk/server/mcp.js'),
    import('zod'),
  ]);
  const { configs, version } = options;
  const server = new Server({ name: 'massgen', version });
  const amount = z.number().positive().optional();
  server.registerTool(
    NAME,
    {
      title: 'Ask a team of models',
      description:
        'Several models answer the question on their own, read each other’s answers, improve theirs and vote; the winner’s answer comes back. Takes minutes and costs as much as several answers, so ask what is worth it, complete on its own.',
      inputSchema: {
        question: z.string().regex(/\S/).describe('The whole question, with everything that is needed to answer it.'),
        ...(configs.length > 1 && {
          team: z
            .enum(configs as [string, ...string[]])
            .optional()
            .describe(`Which team; ${configs[0]} if left out.`),
        }),
        max_usd: amount.describe('What it may cost, in USD.'),
        max_seconds: amount.describe('How long it may take, in seconds.'),
        max_tokens: amount.describe('How many tokens it may use.'),
      },
      outputSchema: {
        answer: z.string(),
        outcome: z.string(),
        notice: z.string().nullable(),
        winner: z.string().nullable(),
        votes: z.number(),
        answers: z.number(),
        cost_usd: z.number(),
        seconds: z.number(),
        run: z.string(),
      },
      annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
    },
    async (args: Record<string, unknown>, extra) => {
      const token = extra._meta?.progressToken;
      let step = 0;
      const tell = (message: string): void => {
        if (token === undefined) return;
        const params = { progressToken: token, progress: (step += 1), message };
        // A client that went away is told nothing.
        extra.sendNotification({ method: 'notifications/progress', params }).catch(() => undefined);
      };
      return ask(args, options, extra.signal, tell);
    },
  );
  return server;
}

interface Told {
  [key: string]: unknown;
  content: { type: 'text'; text: string }[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
}

async function ask(
  args: Record<string, unknown>,
  { configs, demo, cwd, env, onProblem, pool }: McpTeamOptions,
  client: AbortSignal,
  tell: (message: string) => void,
): Promise<Told> {
  const numberOf = (name: string): number | null => (typeof args[name] === 'number' ? args[name] : null);
  const chosen = typeof args['team'] === 'string' ? args['team'] : configs[0];
  const prepare = async (): Promise<TeamRun> => {
    const surroundings = await findSurroundings({ cwd, env });
    const { team, seed } = await chooseTeam(demo ? { demo } : { config: chosen }, {}, surroundings);
    const { limits: own } = team.settings;
    // A caller may ask for less than the config allows, never for more.
    const limits = {
      ...own,
      usd: lowestLimit(own.usd, numberOf('max_usd')),
      tokens: lowestLimit(own.tokens, numberOf('max_tokens')),
      seconds: lowestLimit(own.seconds, numberOf('max_seconds')),
    };
    return teamRun({
      team: { ...team, settings: { ...team.settings, limits } },
      seed: seed ?? undefined,
      question: String(args['question']).trim(),
      history: [],
      systemMessage: undefined,
      speed: Infinity,
      runsDir: runsFolder(cwd),
      surroundings,
    });
  };
  const onEvent = (event: RunEvent): void => {
    const line = progressLine(event);
    if (line !== null) tell(line);
  };
  const slot = pool.enter();
  try {
    const signal = AbortSignal.any([client, slot.signal]);
    return told(await startTeam(prepare(), { signal, onEvent, onProblem }).result);
  } catch (error) {
    // A run that could not begin: the reason is a sentence for whoever asked.
    return { content: [{ type: 'text', text: messageOf(error) }], isError: true };
  } finally {
    slot.leave();
  }
}

function told(result: RunResult): Told {
  const { finalAnswer, outcome, reason, notice, winner, votes, answers, costUsd, durationMs, runId } = result;
  if (finalAnswer === null) return { content: [{ type: 'text', text: `${reason} (run ${runId})` }], isError: true };
  return {
    content: [{ type: 'text', text: finalAnswer }],
    structuredContent: {
      answer: finalAnswer,
      outcome,
      notice,
      winner: winner?.agent ?? null,
      votes: votes.length,
      answers: answers.length,
      cost_usd: costUsd,
      seconds: Math.round(durationMs / 1_000),
      run: runId,
    },
  };
}

/** The steps that a caller waits for; null for all else. */
function progressLine(event: RunEvent): string | null {
  switch (event.type) {
    case 'run.started':
      return `${event.data.agents.length} agents began`;
    case 'answer.submitted':
      return `answer ${event.data.label}`;
    case 'ballot.cast':
      return `${event.agent ?? 'somebody'} voted for ${event.data.choice}`;
    case 'winner.chosen':
      return `${event.data.label} won`;
    default:
      return null;
  }
}
