import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startLoopback } from '../support/loopback-server.ts';
import { clientOf, modelTeam, post, serve, soloTeam } from './serving.ts';

const TEAM = soloTeam({ text: 'From this team.' });

async function folder(): Promise<string> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'massgen-other-')));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

describe('GET /v1/models', () => {
  it('lists the teams of the usual places and the demo, and no other files', async () => {
    const { client } = await serve({
      'own.yaml': TEAM,
      'broken.yaml': 'agents: [',
      'other-tool.yaml': 'services: {}',
      '.massgen/project.yml': TEAM,
      '.config/massgen/agents/mine.json': TEAM,
      'demo.yaml': TEAM,
    });
    const { data } = await client.models.list();
    expect(data.map(({ id }) => id)).toEqual(['massgen/mine', 'massgen/project', 'massgen/own', 'massgen/demo']);
    expect(data[0]).toEqual({
      id: 'massgen/mine',
      object: 'model',
      created: expect.any(Number) as number,
      owned_by: 'massgen',
    });
  });

  it('names the files first that the server was started with', async () => {
    const elsewhere = await folder();
    await writeFile(join(elsewhere, 'own.yaml'), soloTeam({ text: 'From elsewhere.' }));
    const { client } = await serve({ 'own.yaml': TEAM }, { configs: [join(elsewhere, 'own.yaml')] });
    const messages = [{ role: 'user' as const, content: 'Hi?' }];
    const reply = await client.chat.completions.create({ model: 'massgen/own', messages });
    expect([(await client.models.list()).data.map(({ id }) => id), reply.choices[0]?.message.content]).toEqual([
      ['massgen/own', 'massgen/demo'],
      'From elsewhere.',
    ]);
  });

  it('does not start with a file that is not there', async () => {
    await expect(serve({}, { configs: ['nowhere.yaml'] })).rejects.toMatchObject({ code: 'config-not-found' });
  });

  it('knows each of them by its name', async () => {
    const { server, client } = await serve({ 'own.yaml': TEAM });
    expect((await client.models.retrieve('massgen/own')).id).toBe('massgen/own');
    await expect(clientOf(server).models.retrieve('massgen/none')).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
    });
  });
});

describe('the model of a request', () => {
  const asked = async (model: string, files = {}, more: object = {}, options = {}): Promise<[number, string]> => {
    const { server } = await serve({ 'own.yaml': TEAM, 'deep/er/team.yaml': TEAM, ...files }, options);
    const body = { model, messages: [{ role: 'user', content: 'Hi?' }], ...more };
    const response = await post(server, '/chat/completions', body);
    const reply = (await response.json()) as { error?: { code: string }; choices?: { message: { content: string } }[] };
    return [response.status, reply.error?.code ?? reply.choices?.[0]?.message.content ?? ''];
  };

  it.each([
    'massgen/own',
    'massgen/path:own.yaml',
    'massgen/path:./deep/er/team.yaml',
    'massgen/path:deep/../own.yaml',
  ])('may be %s', async (model) => {
    expect(await asked(model)).toEqual([200, 'From this team.']);
  });

  it.each([
    'gpt-5',
    'massgen/',
    'massgen/none',
    'massgen/../own',
    'massgen/path:',
    'massgen/path:none.yaml',
    'massgen/path:deep',
    'massgen/path:/etc/passwd',
    'massgen/path:own.yaml\0',
    'massgen/\u001b[2J',
  ])('may not be %j', async (model) => {
    expect(await asked(model)).toEqual([404, 'model_not_found']);
  });

  it('reads no file outside of the folder: not by a path, not by a link', async () => {
    const elsewhere = await folder();
    await writeFile(join(elsewhere, 'team.yaml'), TEAM);
    const { server, cwd } = await serve();
    await symlink(join(elsewhere, 'team.yaml'), join(cwd, 'link.yaml'));
    await symlink(elsewhere, join(cwd, 'linked'));
    await mkdir(join(cwd, 'sub'));
    const paths = [
      join(elsewhere, 'team.yaml'),
      join('..', elsewhere.split('/').at(-1) ?? '', 'team.yaml'),
      'sub/../../own.yaml',
      'link.yaml',
      'linked/team.yaml',
      '~/team.yaml',
    ];
    const bodies = paths.map((path) => ({
      model: `massgen/path:${path}`,
      messages: [{ role: 'user', content: 'Hi?' }],
    }));
    const statuses = await Promise.all(
      bodies.map(async (body) => (await post(server, '/chat/completions', body)).status),
    );
    expect(statuses).toEqual(paths.map(() => 404));
  });

  it('may lie in a folder that was allowed', async () => {
    const elsewhere = await folder();
    await writeFile(join(elsewhere, 'team.yaml'), TEAM);
    const model = `massgen/path:${join(elsewhere, 'team.yaml')}`;
    expect(await asked(model, {}, {}, { allowedFolders: [elsewhere] })).toEqual([200, 'From this team.']);
  });

  it('may be put together by the request', async () => {
    const parameters = { optional_params: { models: ['gpt-5', 'claude/claude-sonnet-4-5'] } };
    expect(await asked('massgen/build', {}, parameters)).toEqual([400, 'cannot-start']);
  });

  it.each([
    [{ num_agents: 'two' }, 'invalid_parameter'],
    [{ models: 'gpt-5' }, 'invalid_parameter'],
    [{ base_url: 'http://127.0.0.1:1' }, 'invalid_parameter'],
    [{ model: 'gpt-5', num_agents: 99 }, 'agents'],
    [{}, 'no-model'],
  ])('is not put together from %j', async (parameters, code) => {
    expect(await asked('massgen/build', {}, { optional_params: parameters })).toEqual([400, code]);
  });

  it('may be one model by its name, reached with the keys of the server', async () => {
    const model = await startLoopback([{ text: 'Hello.' }]);
    onTestFinished(() => model.close());
    expect(await asked('massgen/model:', {})).toEqual([400, 'invalid_parameter']);
    expect(await asked('massgen/team', { 'team.yaml': modelTeam(model.url) })).toEqual([200, 'Hello.']);
  });
});
