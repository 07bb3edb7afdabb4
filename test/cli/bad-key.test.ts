import { expect, it } from 'vitest';
import { errorAnswer, startLoopback, type Handler } from '../support/loopback-server.ts';
import { askTeam } from './asked-team.ts';
import { withFolder } from './command-process.ts';

const team = (url: string): string => `
agents:
  - id: good
    backend: { type: openai, model: gpt-5-mini, base_url: "${url}/v1", api_key_env: GOOD_KEY }
  - id: bad
    backend: { type: claude, model: claude-sonnet-4-5, base_url: "${url}" }
`;

const model: Handler = ({ body, headers }) => {
  const text = JSON.stringify(body);
  if (headers['x-api-key'] === 'an-old-key') return errorAnswer(401, { error: { message: 'invalid x-api-key' } });
  if (text.includes('Present it to the user')) return { text: 'The presented answer.' };
  if (text.includes('<answer ')) return { calls: [{ name: 'vote', args: { agent_id: 'agent1', reason: 'Right.' } }] };
  return { calls: [{ name: 'new_answer', args: { content: 'The answer.' } }] };
};

it('takes one request to find a bad key, says where the key was looked for, and goes on without the agent', async () => {
  const server = await startLoopback(model);
  const env = 'GOOD_KEY=a-good-key\nANTHROPIC_API_KEY=an-old-key\n';
  try {
    await withFolder({ 'team.yaml': team(server.url), '.env': env }, async (cwd) => {
      const { code, stdout, stderr, events } = await askTeam(cwd);
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'The presented answer.\n' });
      expect(server.requests.filter(({ protocol }) => protocol === 'messages')).toHaveLength(1);
      const said =
        'invalid x-api-key (The key is that of ANTHROPIC_API_KEY, looked for in the shell, ./.env, ~/.massgen/.env, in this order.)';
      expect(events.flatMap((event) => (event.type === 'agent.failed' ? [event.data.error.message] : []))).toEqual([
        said,
      ]);
      expect(stderr).toContain(`[bad] `);
      expect(stderr).toContain(said);
      expect(JSON.stringify(events)).not.toContain('an-old-key');
    });
  } finally {
    await server.close();
  }
});
