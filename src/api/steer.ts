import type { RunState } from '../coordination/state.ts';
import type { RunHandle } from '../events/run-handle.ts';
import { readCommand } from '../headless/steer/read-command.ts';
import { MassgenError } from '../platform/errors.ts';
import type { RunStream } from './run-stream.ts';

type Steering = Omit<RunStream, 'started' | 'result' | 'cancel' | typeof Symbol.asyncIterator>;

/** The ways into a run. `running` resolves once it has begun, with its state as of any later moment. */
export function steeringOf(running: Promise<{ handle: RunHandle; state: () => RunState }>): Steering {
  const send = async (command: unknown): Promise<void> => {
    const { handle, state } = await running;
    const now = state();
    if (now.end) return;
    const read = readCommand(command, now);
    if ('fault' in read) throw new MassgenError('bad-command', read.fault);
    handle.send(read.command);
  };
  return {
    send,
    steer: (text, to = 'all') => send({ type: 'message', text, to: typeof to === 'string' ? to : [...to] }),
    vote: (label) => send({ type: 'vote', label }),
    veto: (label, reason = '') => send({ type: 'veto', label, reason }),
    override: (label) => send({ type: 'override', label }),
    answerNow: () => send({ type: 'answer-now' }),
    decide: (request, decision) => send({ type: 'decide', request, ...decision }),
    reply: (question, { choices, text }) =>
      send({ type: 'reply', question, ...(choices && { choices: [...choices] }), ...(text !== undefined && { text }) }),
    decline: (question, reason = '') => send({ type: 'decline', question, reason }),
  };
}
