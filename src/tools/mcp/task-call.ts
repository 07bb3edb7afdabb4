import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { JsonObject } from '../../events/json.ts';

interface TaskCall {
  signal: AbortSignal;
  timeout: number;
  onStatus: (message: string) => void;
}

/**
 * Makes a call that its server answers as a task: it is asked how far it is until it is done, and told to stop when nobody
 * waits any more. Rejects with the server's error.
 */
export async function callAsTask(
  client: Client,
  params: { name: string; arguments: JsonObject },
  { signal, timeout, onStatus }: TaskCall,
): Promise<object> {
  const { tasks } = client.experimental;
  const stop = new AbortController();
  let id: string | null = null;
  const end = (): void => {
    if (id !== null) tasks.cancelTask(id).catch(() => undefined);
    stop.abort(signal.reason);
  };
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  let last = '';
  try {
    for await (const step of tasks.callToolStream(params, undefined, { signal: stop.signal, timeout, task: {} })) {
      if (step.type === 'result') return step.result;
      if (step.type === 'error') throw step.error;
      if (step.type === 'taskCreated') id = step.task.taskId;
      const { statusMessage } = step.task;
      if (statusMessage !== undefined && statusMessage !== last) onStatus((last = statusMessage));
    }
    throw new Error('The server has ended the task without a result.');
  } finally {
    signal.removeEventListener('abort', end);
  }
}
