import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demoTeam } from '../../src/config/demo-team.ts';
import type { AgentInfo } from '../../src/events/event.ts';
import { rebuildTeam } from '../../src/sessions/rebuild-team.ts';

let cwd = '';
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'massgen-rebuild-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const info = (id: string, type: string, model: string): AgentInfo => ({
  alias: 'agent1',
  id,
  type,
  model,
  isModel: true,
});
const gpt = info('gpt', 'openai', 'gpt-6-luna');
const env = { OPENAI_API_KEY: 'new-key' };

describe('the team of a run that goes on', () => {
  it('comes from its config file again, with the keys of now', async () => {
    const path = join(cwd, 'team.yaml');
    await writeFile(
      path,
      'agents: [{id: gpt, backend: {type: openai, model: gpt-6-luna}}, {id: b, backend: {type: demo}}]',
    );
    const team = await rebuildTeam({ kind: 'config', path }, [gpt], { env, cwd });
    expect(team.agents.map(({ id, backend }) => [id, backend.apiKey])).toEqual([
      ['gpt', 'new-key'],
      ['b', null],
    ]);
  });

  it('must have every agent of the run, with the same model', async () => {
    const path = join(cwd, 'team.yaml');
    await writeFile(path, 'agents: [{id: gpt, backend: {type: openai, model: gpt-7}}]');
    const again = rebuildTeam({ kind: 'config', path }, [gpt, info('x', 'demo', 'demo')], { env, cwd });
    await expect(again).rejects.toMatchObject({
      code: 'team-changed',
      message: expect.stringMatching(
        /gpt was openai gpt-6-luna and is openai gpt-7 now\. There is no agent x any more/,
      ),
    });
  });

  it('cannot be made from a config that is gone', async () => {
    const again = rebuildTeam({ kind: 'config', path: join(cwd, 'gone.yaml') }, [gpt], { env, cwd });
    await expect(again).rejects.toMatchObject({ exitCode: 1, message: expect.stringContaining('gone.yaml') });
  });

  it('needs its key again', async () => {
    const missing = rebuildTeam({ kind: 'backends' }, [gpt], { env: {}, cwd });
    await expect(missing).rejects.toMatchObject({ message: expect.stringContaining('OPENAI_API_KEY') });
    const team = await rebuildTeam({ kind: 'backends' }, [gpt], { env, cwd });
    expect(team.agents[0]?.backend).toMatchObject({ type: 'openai', model: 'gpt-6-luna', apiKey: 'new-key' });
  });

  it('is made from the flags of its command line, or is the demo team again', async () => {
    const origin = {
      kind: 'quick',
      model: 'gpt-6-luna',
      backend: 'openai',
      systemMessage: 'Hi.',
      baseUrl: null,
    } as const;
    const quick = await rebuildTeam(origin, [info('agent1', 'openai', 'gpt-6-luna')], { env, cwd });
    expect(quick.agents[0]?.systemMessage).toBe('Hi.');
    expect(await rebuildTeam({ kind: 'demo', seed: 4 }, [], { env, cwd })).toEqual(demoTeam({ seed: 4 }));
  });
});
