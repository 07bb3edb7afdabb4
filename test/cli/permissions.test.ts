import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommandLine, withFolder } from './command-process.ts';

/** One agent that runs commands on the machine itself, as told. */
const config = (commands: string[], more = ''): string => `
agents:
  - id: builder
    backend:
      type: scripted
      cwd: work
      enable_mcp_command_line: true
      command_line_execution_mode: host
      script:
        turns:
          - tool_calls: ${JSON.stringify(commands.map((command) => ({ name: 'run_command', args: { command } })))}
          - text: Done.
${more}`;

interface Call {
  target: string;
  verdict: string;
  by: string | null;
  scope: string | null;
  effect: string;
}

async function play(
  team: string,
  flags: string[] = [],
  own?: string,
): Promise<{ calls: Call[]; code: number | null; stderr: string }> {
  return withFolder({ 'team.yaml': team }, async (cwd) => {
    if (own !== undefined) {
      await mkdir(join(cwd, '.massgen'), { recursive: true });
      await writeFile(join(cwd, '.massgen', 'permissions.yaml'), own);
    }
    const { code, stderr } = await runCommandLine(['--config', 'team.yaml', '--no-display', ...flags, 'Go.'], { cwd });
    if (code !== 0) return { calls: [], code, stderr };
    const json = await runCommandLine(['audit', '--json'], { cwd });
    const { calls } = JSON.parse(json.stdout) as { calls: Call[] };
    return { calls, code, stderr };
  });
}

const verdicts = ({ calls }: { calls: Call[] }): string[] => calls.map(({ verdict, effect }) => `${verdict} ${effect}`);

describe('a run that nobody attends', () => {
  const asking = config(['echo one'], 'permissions: { rules: ["ask run_command(echo *)"] }\n');

  it('denies what a rule wants to be asked', async () => {
    const { calls } = await play(asking);
    expect(calls).toMatchObject([
      { target: 'echo one', verdict: 'denied', by: 'policy', scope: 'once', effect: 'none' },
    ]);
  });

  it.each([
    ['risk-based', 'denied none'],
    ['allow-all', 'allowed done'],
  ])('decides by --approve %s', async (policy, verdict) => {
    expect(verdicts(await play(asking, ['--approve', policy]))).toEqual([verdict]);
  });

  it('runs what no rule names as the config lets it, by the rules of the user, and never against the floor', async () => {
    const played = await play(
      config(['echo one', 'curl x', 'rm -rf ~', 'echo two; curl x']),
      ['--approve', 'allow-all'],
      '# mine\nrules:\n  - deny run_command(curl *)\n',
    );
    expect(verdicts(played)).toEqual(['allowed done', 'denied none', 'denied none', 'denied none']);
  });

  it('does not start with a file of permissions that cannot be read', async () => {
    const { code, stderr } = await play(config(['echo one']), [], 'rules: [maybe]\n');
    expect([code, stderr.includes('permissions.yaml cannot be used. Rule 1: A rule is')]).toEqual([1, true]);
  });

  it('names the place of a rule in the config that is none', async () => {
    const { code, stderr } = await play(config([], 'permissions: { rules: ["perhaps x"] }\n'));
    expect([code, stderr.includes('permissions.rules[0]')]).toEqual([1, true]);
  });
});

it('does not take --approve where somebody answers', async () => {
  const { code, stderr } = await play(config([]), ['--approve', 'allow-all', '--ask-files']);
  expect([code, stderr.includes('--approve is for runs in which nobody can be asked')]).toEqual([1, true]);
});
