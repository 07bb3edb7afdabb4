/*
 * An agent of the Agent Client Protocol in one page, for a tape: it plays a part, calls no model, and changes nothing.
 * It asks for leave twice, and goes on as it was told.
 */
import { createInterface } from 'node:readline';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';

const waiting = new Map();
let asked = 0;

const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params, result } = JSON.parse(line);
  if (method === undefined) waiting.get(id)?.(result);
  else if (method === 'initialize') send({ id, result: { protocolVersion: 1, agentCapabilities: {} } });
  else if (method === 'session/new') send({ id, result: { sessionId: 'one' } });
  else if (method === 'session/prompt') void work(params.sessionId).then(() => send({ id, result: { stopReason: 'end_turn' } }));
  else if (id !== undefined) send({ id, error: { code: -32601, message: 'Method not found' } });
}

async function work(sessionId) {
  const update = (data) => send({ method: 'session/update', params: { sessionId, update: data } });
  const say = async (text) => {
    for (const word of text.match(/\S+\s*/g) ?? []) {
      update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: word } });
      await pause(30);
    }
    await pause(200);
  };
  const leave = (toolCall) =>
    new Promise((resolve) => {
      const id = `ask-${++asked}`;
      waiting.set(id, ({ outcome }) => resolve(outcome.optionId === 'yes'));
      const options = [
        { optionId: 'yes', name: 'Yes', kind: 'allow_once' },
        { optionId: 'no', name: 'No', kind: 'reject_once' },
      ];
      send({ id, method: 'session/request_permission', params: { sessionId, toolCall, options } });
    });

  await say('The retry holds the lock, so the second caller waits for ever. I move the retry out of it.\n\n');
  const isEdited = await leave({
    toolCallId: 'edit-1',
    title: 'Edit src/auth.ts',
    kind: 'edit',
    locations: [{ path: 'src/auth.ts' }],
    content: [
      {
        type: 'diff',
        path: 'src/auth.ts',
        oldText: 'export async function token(id) {\n  return lock(id, () => retry(() => refresh(id)));\n}\n',
        newText:
          'export async function token(id) {\n  // A caller that waits for another try must not hold the lock.\n  return retry(() => lock(id, () => refresh(id)));\n}\n',
      },
    ],
  });
  await say(isEdited ? 'The edit is allowed. Now the old build has to go.\n\n' : 'Then the file stays as it is.\n\n');
  const isRun = await leave({
    toolCallId: 'run-1',
    title: 'rm -rf dist ~/.cache/build',
    kind: 'execute',
    rawInput: { command: 'rm -rf dist ~/.cache/build' },
    content: [],
  });
  await say(
    isRun
      ? 'Both folders are gone.'
      : 'No leave for that, so I build into an empty folder instead, and the cache stays where it is.',
  );
}
