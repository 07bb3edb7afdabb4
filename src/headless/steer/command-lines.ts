import type { RunState } from '../../coordination/state.ts';
import type { RunHandle } from '../../events/run-handle.ts';
import { followRun } from '../follow-run.ts';
import { oneLine } from '../plain-text.ts';
import { readCommand } from './read-command.ts';

const MAX_LINE_CHARS = 64 * 1024;

/**
 * Takes commands from a stream, one JSON object per line, while a run goes on. A line that is no command is told and
 * passed over. Once the stream has ended nobody is there any more, so what waits is declined, changes of files too. Resolves
 * after the end of the run; the stream is then no longer read. Never rejects.
 */
export async function readCommandLines(
  handle: RunHandle,
  stream: NodeJS.ReadableStream,
  onProblem: (message: string) => void,
): Promise<void> {
  let state: RunState | null = null;
  let rest = '';
  let number = 0;
  /** The rest of a line that is too long is passed over. */
  let isSkipping = false;

  const take = (line: string): void => {
    number += 1;
    if (line.trim() === '' || !state) return;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return onProblem(`Line ${number} of the commands is not valid JSON.`);
    }
    const read = readCommand(value, state);
    if ('command' in read) handle.send(read.command);
    else onProblem(`Line ${number} of the commands: ${oneLine(read.fault)}`);
  };

  const onData = (chunk: Buffer | string): void => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (isSkipping) isSkipping = false;
      else take(line);
    }
    if (rest.length <= MAX_LINE_CHARS) return;
    rest = '';
    if (!isSkipping) onProblem(`Line ${(number += 1)} of the commands has more than ${MAX_LINE_CHARS} characters.`);
    isSkipping = true;
  };

  let hasEnded = false;
  const onEnd = (): void => {
    if (rest !== '' && !isSkipping) take(rest);
    rest = '';
    hasEnded = true;
    if (state) refuseAll(handle, state);
  };
  stream.setEncoding('utf8');
  await followRun(handle, (_event, now) => {
    // What comes before the run has begun waits in the stream.
    if (!state) stream.on('data', onData).on('end', onEnd).on('error', onEnd);
    state = now;
    if (hasEnded) refuseAll(handle, now);
  }).catch(() => null);
  stream.off('data', onData).off('end', onEnd).off('error', onEnd).pause();
}

/** What comes twice is ignored by the run. */
function refuseAll(handle: RunHandle, { approvals, questions, changes }: RunState): void {
  const reason = 'The commands have ended, so nobody is there who could answer.';
  for (const { request } of approvals)
    handle.send({ type: 'decide', request, isAllowed: false, scope: 'once', by: 'policy', reason });
  for (const { question, waitsFor } of questions)
    if (waitsFor.includes('user'))
      handle.send({ type: 'decline', question, outcome: 'declined', reason, by: 'policy' });
  if (changes?.state === 'proposed')
    handle.send({ type: 'review', paths: [], comment: `${reason} To write them: massgen apply`, by: 'policy' });
}
