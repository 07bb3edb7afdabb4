import { expect, it } from 'vitest';
import { runCommandLine, withFolder } from './command-process.ts';

const TEAM = `
agent: { id: a, backend: { type: scripted, enable_audio_generation: true, script: { turns: [{ when: solo, text: Done. }] } } }
`;

it('a warning steers no terminal, whatever the config is called', () =>
  withFolder({ 'te\u001b[31mam.yaml': TEAM }, async (folder) => {
    const args = ['--config', 'te\u001b[31mam.yaml', '--no-display', '--speed', 'max', 'Why?'];
    const { stderr } = await runCommandLine(args, { cwd: folder });
    expect(stderr).toContain('team.yaml: not supported yet, so it has no effect: ');
    expect(stderr).not.toContain('\u001b');
  }));
