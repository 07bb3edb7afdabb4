import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AgentFiles } from '../../src/workspace/agent-files.ts';
import { createSandboxRunner } from '../../src/workspace/commands/sandbox-runner.ts';
import { callFilter } from '../../src/workspace/commands/system-calls.ts';
import { temporaryFolder } from '../tools/files/agent-desk.ts';

/** A bubblewrap that fails as a real one does, or runs the command without any sandbox. */
async function runnerWith(fault: string): Promise<ReturnType<typeof createSandboxRunner>> {
  const folder = await temporaryFolder();
  const script = `#!/bin/sh\n${fault}\nwhile [ "$1" != -- ]; do shift; done; shift; exec "$@"\n`;
  await writeFile(join(folder, 'bwrap'), script, { mode: 0o755 });
  const files = await AgentFiles.create({ runDir: await temporaryFolder(), alias: 'agent1', contexts: [] });
  return createSandboxRunner({ files, path: `${folder}:/usr/bin:/bin`, hasNetwork: false });
}

const refusing = (option: string, words: string): string =>
  `case " $* " in *" ${option} "*) echo "bwrap: ${words}" >&2; exit 1;; esac`;

test.skipIf(callFilter(process.arch) === null)(
  'where the kernel filters no system calls, commands run without that, and the user is told',
  async () => {
    const runner = await runnerWith(refusing('--seccomp', 'prctl(PR_SET_SECCOMP) reported EINVAL'));
    expect(await runner.findProblem()).toBe(null);
    expect(runner.warnings).toEqual([
      expect.stringMatching(/^This system does not let the sandbox refuse system calls/),
    ]);
  },
);

test('where anything else is refused, no command runs, and the user is told what bubblewrap said', async () => {
  const runner = await runnerWith(refusing('--unshare-user', 'setting up uid map: Permission denied'));
  expect(await runner.findProblem()).toMatch(
    /must allow user name spaces, which AppArmor and containers may forbid\. Bubblewrap said: bwrap: setting up uid map/,
  );
  expect(runner.warnings).toEqual([]);
});

test('where all is well, nothing is said', async () => {
  const runner = await runnerWith('');
  expect([await runner.findProblem(), runner.warnings]).toEqual([null, []]);
});
