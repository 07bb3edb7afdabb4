import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { auditText } from '../../src/headless/report/audit-text.ts';
import { readAll } from '../../src/runlog/read-run-log.ts';
import { auditRun } from '../../src/sessions/run-audit.ts';
import { openScreen, type PtyScreen } from './pty-screen.ts';

const TEAM = `
agents:
  - id: builder
    backend:
      type: scripted
      cwd: work
      enable_mcp_command_line: true
      command_line_execution_mode: host
      script:
        turns:
          - tool_calls: [{ name: run_command, args: { command: touch made.txt } }]
          - tool_calls: [{ name: run_command, args: { command: touch made.txt } }]
          - tool_calls: [{ name: run_command, args: { command: touch other.txt } }]
          - text: All settled now.
`;

async function shows(screen: PtyScreen, text: string, key?: string): Promise<void> {
  for (let i = 0; i < 400; i++) {
    await screen.settle();
    if (screen.text().join('\n').includes(text)) return;
    // A dialog rests at first, so that no key falls into it that was meant for something else.
    if (key !== undefined && i % 4 === 0) screen.write(key);
    await sleep(50);
  }
  throw new Error(`"${text}" did not come:\n${screen.text().join('\n')}`);
}

it(
  'a command asks in the app; leave for always is kept and not asked again, a denial goes to the agent',
  { timeout: 90_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'massgen-leave-'));
    await writeFile(join(folder, 'team.yaml'), TEAM);
    const screen = openScreen([resolve('src/massgen.js'), '--config', 'team.yaml', 'Go.'], {
      cols: 100,
      rows: 30,
      cwd: folder,
      env: { HOME: folder, MASSGEN_HOME: '', CI: '' },
    });
    try {
      await shows(screen, '1 for you');
      screen.write('a');
      await shows(screen, 'touch made.txt');
      await shows(screen, 'allowed by you', 'w');
      await shows(screen, '1 for you');
      screen.write('a');
      await shows(screen, 'touch other.txt');
      await shows(screen, 'why not', 'n');
      screen.write('Not this one.');
      await shows(screen, 'why not: Not this one.');
      await shows(screen, 'All settled now.', '\r');
      await shows(screen, 'finished');
      screen.write('q');
      await screen.exited;
      const runs = join(folder, '.massgen', 'runs');
      const [run = ''] = await readdir(runs);
      const entries = auditRun(await readAll(join(runs, run)));
      const own = join(folder, '.massgen', 'permissions.yaml');
      expect({
        calls: entries.map(({ target, verdict, by, scope, effect }) => [target, verdict, by, scope, effect].join(' ')),
        audit: auditText('run', entries[0]?.at ?? 0, entries.slice(2))
          .split('\n')
          .slice(2)
          .map((line) => line.trim().replace(/^[\d.]+\s?m?s +/, '')),
        rules: (await readFile(own, 'utf8')).split('\n').filter((line) => !line.startsWith('#')),
        mode: (await stat(own)).mode & 0o777,
        made: await readdir(join(runs, run, 'workspaces', 'agent1')),
      }).toEqual({
        calls: [
          'touch made.txt allowed user always done',
          'touch made.txt allowed rule always done',
          'touch other.txt denied user once none',
        ],
        audit: [
          'DENIED   builder: run_command touch other.txt',
          'by user, once; risk high; did not run',
          'Not this one.',
          '',
        ],
        rules: ['rules:', '  - allow run_command(touch made.txt)', ''],
        mode: 0o600,
        made: ['made.txt'],
      });
    } finally {
      screen.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    }
  },
);

it('a command runs as the user has changed it, and the agent is told', { timeout: 90_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'massgen-leave-'));
  await writeFile(join(folder, 'team.yaml'), TEAM.replaceAll(/ +- tool_calls.*touch made.*\n/g, ''));
  const screen = openScreen([resolve('src/massgen.js'), '--config', 'team.yaml', 'Go.'], {
    cols: 100,
    rows: 30,
    cwd: folder,
    env: { HOME: folder, MASSGEN_HOME: '', CI: '' },
  });
  try {
    await shows(screen, '1 for you');
    screen.write('a');
    await shows(screen, 'change it, then allow');
    await shows(screen, 'run: touch other.txt', 'e');
    screen.write(' better.txt');
    await shows(screen, 'run: touch other.txt better.txt');
    await shows(screen, 'All settled now.', '\r');
    await shows(screen, 'finished');
    screen.write('q');
    await screen.exited;
    const runs = join(folder, '.massgen', 'runs');
    const [run = ''] = await readdir(runs);
    const events = await readAll(join(runs, run));
    const [entry] = auditRun(events);
    const outputs = events.flatMap((event) =>
      event.type === 'tool.finished' ? [event.data.output.split('\n')[0]] : [],
    );
    expect({ entry, outputs, made: (await readdir(join(runs, run, 'workspaces', 'agent1'))).toSorted() }).toMatchObject(
      {
        entry: { target: 'touch other.txt', verdict: 'allowed', reason: 'Changed to: touch other.txt better.txt' },
        outputs: [
          'The user has changed this call before it ran. Its arguments: {"command":"touch other.txt better.txt"}',
        ],
        made: ['better.txt', 'other.txt'],
      },
    );
  } finally {
    screen.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
});
