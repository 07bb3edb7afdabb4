import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startLoopback, type Handler } from '../support/loopback-server.ts';
import { askTeam } from './asked-team.ts';
import { withFolder } from './command-process.ts';

const AGENT = fileURLToPath(new URL('../providers/acp/test-agent.ts', import.meta.url));

const team = (url: string): string => `
agents:
  - id: responses
    backend: { type: openai, model: gpt-5-mini, base_url: "${url}/v1", api_key: sk-some-key-0123456789 }
  - id: chat
    backend: { type: chatcompletion, model: some-model, base_url: "${url}/v1" }
  - id: messages
    backend: { type: claude, model: claude-sonnet-4-5-20250929, base_url: "${url}", api_key: sk-some-key-0123456789 }
  - id: gemini
    backend: { type: gemini, model: gemini-2.5-flash, base_url: "${url}", api_key: sk-some-key-0123456789 }
  - id: acp
    backend: { type: acp, command: ["${process.execPath}", "${AGENT}"] }
`;

const model: Handler = ({ body, protocol }) => {
  const text = JSON.stringify(body);
  if (text.includes('Present it to the user')) return { text: 'The presented answer.' };
  if (text.includes('<answer '))
    return { calls: [{ name: 'vote', args: { agent_id: 'agent1', reason: 'It is right.' } }] };
  return { calls: [{ name: 'new_answer', args: { content: `The answer of ${protocol}.` } }] };
};

it('lets five agents over five protocols come to one presented answer', async () => {
  const server = await startLoopback(model);
  try {
    await withFolder({ 'team.yaml': team(server.url) }, async (cwd) => {
      const { code, stdout, stderr, events, answers, voters } = await askTeam(cwd);
      expect({ code, stdout, stderr: stderr.includes('failed') }).toEqual({
        code: 0,
        stdout: 'The presented answer.\n',
        stderr: false,
      });
      expect(answers).toEqual(
        ['acp', 'chat', 'gemini', 'messages', 'responses'].map((name) => `${name}: The answer of ${name}.`),
      );
      expect(voters).toEqual(['acp', 'chat', 'gemini', 'messages', 'responses']);
      expect(events.filter((event) => event.type === 'tool.finished').map(({ data }) => data.name)).toContain('read');
    });
  } finally {
    await server.close();
  }
});
