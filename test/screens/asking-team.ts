/**
 * A team of one scripted agent whose only tool needs leave, in the real app on the real engine and log:
 * `node test/screens/asking-team.ts <folder of runs> <file that the tool writes>`.
 */
import { writeFile } from 'node:fs/promises';
import process from 'node:process';
import { startRun } from '../../src/engine/start-run.ts';
import { DEFAULT_SETTINGS } from '../../src/events/settings.ts';
import { createRealClock } from '../../src/platform/clock.ts';
import { createScriptedProvider } from '../../src/providers/scripted/provider.ts';
import { createRunLog } from '../../src/runlog/create-run-log.ts';
import { createRedactor } from '../../src/runlog/redact.ts';
import { defineTool, textArg } from '../../src/tools/define-tool.ts';
import { plainHost, type ToolHost } from '../../src/tools/tool-host.ts';
import { runTui } from '../../src/tui/run-tui.ts';
import { scriptedAgent } from '../engine/scripted-agent.ts';

const [runsDir = '', file = ''] = process.argv.slice(2);
const clock = createRealClock();
const redact = createRedactor({ secrets: [] });

const touch = defineTool({
  name: 'touch',
  description: 'Writes the note.',
  properties: { note: { type: 'string' } },
  required: ['note'],
  run: async (args) => {
    await writeFile(file, textArg(args, 'note'));
    return 'Written.';
  },
});

function askingHost(): ToolHost {
  const host = plainHost([touch], clock);
  return {
    ...host,
    rules: {
      ...host.rules,
      approve: async ({ tool, args }, { asks, callId = '', signal }) => {
        if (!asks) return { isAllowed: false, reason: 'Nobody is there.' };
        const target = textArg(args, 'note');
        const call = { callId, tool: tool.spec.name, action: 'touch', target, risk: 'medium' as const };
        return asks.approve({ ...call, detail: 'Every call of touch is asked for.', diff: null }, signal);
      },
    },
  };
}

const turns = [
  { request: 1, text: 'I write the note.', tool_calls: [{ name: 'touch', args: { note: 'hello \x1b[2J' } }] },
  { request: 2, text: 'The call is settled.' },
];

const result = await runTui({
  stdin: process.stdin,
  stdout: process.stdout,
  env: process.env,
  clock,
  theme: 'dark',
  ascii: false,
  reducedMotion: false,
  team: { name: 'asking', agents: [{ id: 'writer', model: 'script', isModel: false }] },
  teams: [],
  question: 'Write the note',
  start: async (question) =>
    startRun({
      question,
      team: 'asking',
      agents: [scriptedAgent('writer', turns)],
      settings: DEFAULT_SETTINGS,
      seed: 1,
      version: '0.0.0',
      clock,
      log: await createRunLog({ runsDir, clock, redact, createId: () => 'run-1' }),
      createProvider: (agent) => createScriptedProvider(agent.backend, { clock }),
      toolsOf: () => Promise.resolve(askingHost()),
      isAttended: true,
    }),
});
process.stdout.write(`left: ${result.exitReason} ${result.lastOutcome ?? ''}\n`);
