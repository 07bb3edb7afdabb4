import { constants, statSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startLoopback, type Handler } from '../support/loopback-server.ts';
import { askTeam } from './asked-team.ts';
import { withFolder } from './command-process.ts';

/*
 * Gemini CLI, as npm has it, as a member of a team. It is no dependency of the project (98 MB). To run this:
 *
 *     npm install --prefix .agents/gemini @google/gemini-cli@0.61.0
 *
 * or name another one with MASSGEN_TEST_GEMINI_CLI=/path/to/gemini.
 */
const gemini = await findGemini();

async function findGemini(): Promise<string | null> {
  const named = process.env['MASSGEN_TEST_GEMINI_CLI'];
  const folders = [join(import.meta.dirname, '../../.agents/gemini/node_modules/.bin')];
  const places = [...folders, ...(process.env['PATH'] ?? '').split(delimiter)].map((folder) => join(folder, 'gemini'));
  for (const place of named === undefined ? places : [named]) {
    const isThere = await access(place, constants.X_OK).then(
      () => statSync(place).isFile(),
      () => false,
    );
    if (isThere) return place;
  }
  return null;
}

const team = (url: string): string => `
agents:
  - id: cli
    backend:
      type: acp
      agent: gemini
      command: ${gemini ?? 'gemini'}
      args: [--acp]
      model: gemini-2.5-pro
      env: { GEMINI_API_KEY: some-key-0123456789, GOOGLE_GEMINI_BASE_URL: "${url}" }
  - id: api
    backend: { type: chatcompletion, model: some-model, base_url: "${url}/v1" }
`;

/** Calls the team's tools by the names under which the asker offers them. */
const model: Handler = ({ body, protocol }) => {
  const text = JSON.stringify(body);
  const named = (tool: string): string => new RegExp(`"name":"(\\w*${tool})"`).exec(text)?.[1] ?? tool;
  const asked = text.slice(text.lastIndexOf('<question '));
  if (protocol === 'gemini' && !text.includes('functionDeclarations')) return { text: '{}' };
  if (text.slice(text.lastIndexOf('"role":"model"')).includes('Noted.')) return { text: 'Done.' };
  if (text.includes('Present it to the user')) return { text: 'The presented answer.' };
  if (asked.includes('<answer ')) {
    return { calls: [{ name: named('vote'), args: { agent_id: 'agent1', reason: 'It is right.' } }] };
  }
  return { calls: [{ name: named('new_answer'), args: { content: `The answer over ${protocol}.` } }] };
};

describe.skipIf(gemini === null)('Gemini CLI from npm, in a team (skipped where it is not installed)', () => {
  it('answers, votes and presents like any other member', async () => {
    const server = await startLoopback(model);
    try {
      await withFolder({ 'team.yaml': team(server.url) }, async (cwd) => {
        const { code, stdout, stderr, answers, voters } = await askTeam(cwd);
        expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: 'The presented answer.\n' });
        expect(answers).toEqual(['api: The answer over chat.', 'cli: The answer over gemini.']);
        expect(voters).toEqual(['api', 'cli']);
      });
    } finally {
      await server.close();
    }
  }, 60_000);
});
