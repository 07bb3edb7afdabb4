import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../src/cli/options.ts';
import { unusedFlags } from '../../src/cli/unused-flags.ts';
import { runCommandLine, withFolder } from './command-process.ts';

function notesOn(...argv: string[]): string[] {
  const parsed = parseArguments(argv, '1.2.3');
  if (parsed.type !== 'options') throw new Error(parsed.text);
  return unusedFlags(parsed.options);
}

describe('flags that do nothing', () => {
  it.each([
    [['--config', 'a.yaml', '--system-message', 'Be brief.'], '--system-message has no effect'],
    [['--base-url', 'http://localhost:1/v1', 'Why?'], '--base-url has no effect'],
    [['--no-logs', 'Why?'], '--no-logs has no effect'],
    [['--show-schema', '--schema-backend', 'openai'], '--schema-backend and --with-examples have no effect'],
    [['--config', 'a.yaml', '--strict'], '--strict has no effect without --validate; --strict-validation'],
    [['--all'], '--all has no effect'],
    [['--save', 'user', 'Why?'], '--agents, --save and --force have no effect'],
  ])('%j are named', (argv, note) => {
    expect(notesOn(...argv)).toEqual([expect.stringContaining(note)]);
  });

  it.each([
    [['--model', 'm', '--base-url', 'http://localhost:1/v1', '--system-message', 'Be brief.', 'Why?']],
    [['--local', 'm.gguf', '--system-message', 'Be brief.', 'Why?']],
    [['--validate', 'a.yaml', '--strict']],
    [['--list-sessions', '--all']],
    [['--init', '--agents', 'openai', '--save', 'user', '--force']],
  ])('are not among %j', (argv) => {
    expect(notesOn(...argv)).toEqual([]);
  });

  it.each([
    [['--backend', 'claude', '--config', 'a.yaml'], '--config and --backend cannot be used together'],
    [['--select', '--config', 'a.yaml'], '--config and --select cannot be used together'],
  ])('%j is refused', async (argv, message) => {
    await withFolder({}, async (cwd) => {
      const { code, stderr } = await runCommandLine([...argv, 'Why?'], { cwd });
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(message) as string });
    });
  });
});

describe('MassGen’s examples on the command line', () => {
  const team = 'agents:\n  - { id: a, backend: { type: demo } }\n';

  it('are listed, printed and run', async () => {
    await withFolder({}, async (cwd) => {
      const { mkdir, writeFile } = await import('node:fs/promises');
      await mkdir(`${cwd}/massgen/configs/basic`, { recursive: true });
      await writeFile(`${cwd}/massgen/configs/basic/one.yaml`, team);
      const list = await runCommandLine(['--list-examples'], { cwd });
      const text = await runCommandLine(['--example', 'one'], { cwd });
      const run = await runCommandLine(['--config', '@examples/basic/one', '--speed', 'max', 'make 110 from 10 100'], {
        cwd,
      });
      expect([list.stdout, text.stdout, run.code]).toEqual(['@examples/basic/one\n', team, 0]);
    });
  });
});
