import type { RunStream } from '../api/run-stream.ts';
import { startTeam } from '../api/start-team.ts';
import { teamRun } from '../api/team-run.ts';
import type { Surroundings } from '../api/surroundings.ts';
import type { RunEvent } from '../events/event.ts';
import type { Clock } from '../platform/clock.ts';
import type { Asked } from './asked.ts';
import { createEventStream } from './event-stream.ts';
import { toRefusal } from './http-refusal.ts';
import { createProgress } from './progress.ts';
import { answerOf, type Answered, type ReplyFormat, type ReplyHead } from './reply.ts';
import type { RunPool, Slot } from './run-pool.ts';
import type { RunningRuns } from './running-runs.ts';
import type { TeamCatalogue } from './team-catalogue.ts';

/** What answering a request needs. */
export interface AnswerDeps {
  catalogue: TeamCatalogue;
  pool: RunPool;
  running: RunningRuns;
  surroundings: Surroundings;
  runsDir: string;
  clock: Clock;
  /** Told, in a full sentence, what went wrong beside a run. */
  onProblem: (message: string) => void;
  onBug: (error: unknown) => void;
}

/**
 * Runs a team for a request and answers in the endpoint's format. The run is cancelled when `client` is aborted.
 * Rejects with what has to become an error response; a stream that has begun tells of its failure itself.
 */
export async function answerRequest(
  asked: Asked,
  format: ReplyFormat,
  client: AbortSignal,
  deps: AnswerDeps,
): Promise<Response> {
  const slot = deps.pool.enter();
  try {
    if (asked.isStream) return await streamReply(asked, format, client, slot, deps);
    const progress: string[] = [];
    const story = createProgress();
    const onEvent = (event: RunEvent): void => void progress.push(...story(event));
    const run = startAsked(asked, AbortSignal.any([client, slot.signal]), onEvent, deps);
    const result = await run.result;
    slot.leave();
    const answered: Answered = { text: answerOf(result), progress, result };
    return Response.json(format.whole(headOf(asked, result.runId, deps), answered));
  } catch (error) {
    slot.leave();
    throw error;
  }
}

async function streamReply(
  asked: Asked,
  format: ReplyFormat,
  client: AbortSignal,
  slot: Slot,
  deps: AnswerDeps,
): Promise<Response> {
  const gone = new AbortController();
  const out = createEventStream(deps.clock, () => gone.abort());
  const progress: string[] = [];
  const story = createProgress();
  const started = Promise.withResolvers<ReturnType<ReplyFormat['stream']>>();
  let reply: ReturnType<ReplyFormat['stream']> | null = null;
  const onEvent = (event: RunEvent): void => {
    if (event.type === 'run.started') {
      reply = format.stream(headOf(asked, event.run, deps));
      out.write(reply.begin());
      started.resolve(reply);
    }
    for (const line of story(event)) {
      progress.push(line);
      out.write(reply?.progress(line) ?? '');
    }
  };
  const run = startAsked(asked, AbortSignal.any([client, slot.signal, gone.signal]), onEvent, deps);
  // A run that cannot begin is an error response, not a stream.
  const begun = await Promise.race([started.promise, run.result.then(() => started.promise)]);
  const finish = async (): Promise<void> => {
    try {
      const result = await run.result;
      out.write(begun.finish({ text: answerOf(result), progress, result }));
    } catch (error) {
      out.write(begun.fail(toRefusal(error, deps.onBug)));
    } finally {
      slot.leave();
      out.end();
    }
  };
  void finish();
  return new Response(out.body, { headers: STREAM_HEADERS });
}

const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'transfer-encoding': 'chunked',
  'x-accel-buffering': 'no',
};

function startAsked(
  asked: Asked,
  signal: AbortSignal,
  onEvent: (event: RunEvent) => void,
  deps: AnswerDeps,
): RunStream {
  const { catalogue, surroundings, runsDir, onProblem } = deps;
  const prepare = async (): ReturnType<typeof teamRun> => {
    const { team, seed } = await catalogue.find(asked.model, asked.parameters);
    return teamRun({
      team,
      seed: asked.seed ?? seed ?? undefined,
      question: asked.question,
      history: asked.history,
      systemMessage: asked.instruction,
      speed: Infinity,
      runsDir,
      surroundings,
    });
  };
  return deps.running.begin((listener) => startTeam(prepare(), { signal, onEvent: listener, onProblem }), onEvent);
}

function headOf(asked: Asked, runId: string, { clock }: AnswerDeps): ReplyHead {
  return { asked, runId, created: Math.floor(clock.now() / 1000) };
}
