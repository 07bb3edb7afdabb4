import { NEW_ANSWER, SUBMIT, VOTE } from '../../coordination/protocol.ts';
import { seededRandom, type Random } from '../../events/random.ts';
import { NO_USAGE } from '../../events/usage.ts';
import type { BackendSpec } from '../../config/team.ts';
import type { Clock } from '../../platform/clock.ts';
import type { ModelEvent, ModelRequest, Provider } from '../provider.ts';
import { inputTokens, offeredTools } from '../scripted/conversation.ts';
import { play } from '../scripted/play.ts';
import { draft } from './draft.ts';
import { judge } from './judge.ts';
import { readKnowledge, type Knowledge } from './knowledge.ts';
import { answerAlone, present } from './present.ts';
import { PUZZLE_HELP } from './puzzle.ts';
import { pace, type Speech } from './speech.ts';
import { readDemoOptions, type DemoOptions } from './strategy.ts';

/**
 * A built-in agent that solves number puzzles for real, so that the program can be seen at work without a key. It
 * behaves like a model: it knows its conversation and nothing else, and the same conversation with the same options
 * gives the same reply, word for word and at the same pace. Costs nothing. A question that is no puzzle ends the
 * stream with `bad-request`. Rejects with a MassgenError when an option is wrong.
 */
export function createDemoProvider(backend: BackendSpec, deps: { clock: Clock }): Promise<Provider> {
  return new Promise((resolve) => {
    const options = readDemoOptions(backend.options);
    resolve({
      model: backend.model || `demo-${options.name}`,
      stream: (request) => reply(request, options, deps.clock),
      costUsd: () => 0,
    });
  });
}

async function* reply(request: ModelRequest, options: DemoOptions, clock: Clock): AsyncGenerator<ModelEvent> {
  const knowledge = readKnowledge(request);
  if (!knowledge) {
    return yield { type: 'failed', error: { kind: 'bad-request', message: PUZZLE_HELP }, usage: NO_USAGE };
  }
  const { seed, name, strategy } = options;
  const random = seededRandom(`${seed}/${name}/${knowledge.puzzle.target}/${knowledge.puzzle.numbers.join()}`);
  const speech = plan(request, knowledge, options, random.fork('slip'));
  const pacing = random.fork(`pace ${request.messages.length}`);
  const steps = pace(speech, strategy.tokensPerSecond, pacing, `call-${request.messages.length}`);
  const ending = { type: 'finish', stopReason: null, native: null } as const;
  yield* play({ steps, ending, input: inputTokens(request) }, clock, request.signal);
}

/** What to do is what the call is for, as far as the tools that it takes are there. */
function plan(request: ModelRequest, knowledge: Knowledge, options: DemoOptions, random: Random): Speech[] {
  const tools = offeredTools(request);
  const hasAnswers = knowledge.answers.length > 0;
  switch (request.purpose) {
    case 'solo':
    case 'reply':
    case 'prepare':
    case 'risk':
      return answerAlone(knowledge, options);
    case 'present':
      return present(knowledge);
    case 'evaluate':
      // It was checked with the calculator before it was voted for.
      return [{ do: 'call', name: SUBMIT, args: { confirmed: true } }];
    case 'draft':
      return tools.has(NEW_ANSWER) ? draft(knowledge, options, random) : answerAlone(knowledge, options);
    case 'judge':
      if (hasAnswers) return tools.has(VOTE) ? judge(knowledge, options) : present(knowledge);
      return tools.has(NEW_ANSWER) ? draft(knowledge, options, random) : answerAlone(knowledge, options);
  }
}
