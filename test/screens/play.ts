/**
 * Plays a written run in the real app: `node test/screens/play.ts --agents 4 --until judging --theme light`.
 * Used to look at screens and by the tests that need a real terminal.
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { createRealClock } from '../../src/platform/clock.ts';
import { finalAnswerText, runTui } from '../../src/tui/run-tui.ts';
import { agentInfos, scriptedRun, START } from './scripted-events.ts';
import { scriptedHandle } from './scripted-handle.ts';

const { values } = parseArgs({
  options: {
    agents: { type: 'string', default: '4' },
    until: { type: 'string', default: 'finished' },
    theme: { type: 'string', default: 'dark' },
    speed: { type: 'string', default: '1' },
    demo: { type: 'boolean', default: false },
    ascii: { type: 'boolean', default: false },
    picker: { type: 'boolean', default: false },
    ask: { type: 'boolean', default: false },
    throw: { type: 'boolean', default: false },
  },
});
const clock = createRealClock();
const agents = agentInfos(Number(values.agents), !values.demo);
const team = { name: 'four models', agents };
const result = await runTui({
  stdin: process.stdin,
  stdout: process.stdout,
  env: process.env,
  clock,
  theme: values.theme as 'auto' | 'dark' | 'light',
  ascii: values.ascii,
  reducedMotion: false,
  team: values.picker ? null : team,
  teams: [
    {
      name: 'four models',
      description: 'Four vendors, one vote each.',
      agents,
      trouble: null,
      select: () => Promise.resolve(team),
    },
    {
      name: 'demo team',
      description: 'Built-in agents that show how a run goes.',
      agents: agentInfos(3, false),
      trouble: null,
      select: () => Promise.resolve({ name: 'demo team', agents: agentInfos(3, false) }),
    },
    {
      name: 'wide sixteen',
      description: '',
      agents: agentInfos(16),
      trouble: 'agent grok has no key: set XAI_API_KEY.',
      select: () => Promise.resolve(team),
    },
  ],
  question: values.ask || values.picker ? null : 'Fix the token refresh race and prove it with a test',
  start: (question) => {
    if (values.throw)
      setTimeout(() => {
        throw new Error('a bug');
      }, 50);
    const speed = Number(values.speed);
    const now = clock.now();
    const events = scriptedRun({
      agents: agents.length,
      isModel: !values.demo,
      until: values.until as 'judging',
      question,
    }).map((event) => ({ ...event, at: now + (event.at - START) / speed }));
    return Promise.resolve(scriptedHandle(events, clock, 1));
  },
});
process.stdout.write(finalAnswerText(result));
process.stdout.write(`left: ${result.exitReason}\n`);
process.exitCode = result.exitReason === 'interrupted' ? 4 : 0;
