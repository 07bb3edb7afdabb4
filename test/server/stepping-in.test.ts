import { describe, expect, it } from 'vitest';
import { post, serve, TOKEN, type Serving } from './serving.ts';

/** Two agents that answer and then judge without end. */
const PATIENT = JSON.stringify({
  agents: ['ann', 'bob'].map((id) => ({
    id,
    backend: {
      type: 'scripted',
      script: {
        turns: [
          { when: 'draft', answer: `By ${id}.` },
          { when: 'judge', hang: true, text: 'Hm.' },
        ],
      },
    },
  })),
  orchestrator: { final_answer: 'reuse' },
});

const auth = { headers: { authorization: `Bearer ${TOKEN}` } };

interface Status {
  meta: { run_id: string; finished: boolean };
  agents: Record<string, { answer_count: number }>;
}

/** Begins a run and resolves once both have answered, with its id and what its reply will be. */
async function beginRun({ server, client }: Serving): Promise<{ id: string; reply: Promise<string | null> }> {
  const messages = [{ role: 'user' as const, content: 'What?' }];
  const reply = client.chat.completions
    .create({ model: 'massgen/team', messages })
    .then(({ choices }) => choices[0]?.message.content ?? null);
  for (;;) {
    const response = await fetch(`${server.url}/massgen/runs`, auth);
    const { data } = (await response.json()) as { data: Status[] };
    const [run] = data;
    if (run && Object.values(run.agents).every((agent) => agent.answer_count === 1))
      return { id: run.meta.run_id, reply };
  }
}

describe('a run that goes on in the server', () => {
  it('takes the word of a program, which then looks at it no longer', async () => {
    const serving = await serve({ 'team.yaml': PATIENT });
    const { server } = serving;
    const { id, reply } = await beginRun(serving);
    const status = (await (await fetch(`${server.url}/massgen/runs/${id}`, auth)).json()) as Status;
    expect(status.meta).toMatchObject({ run_id: id, finished: false });
    const taken = await post(server, `/massgen/runs/${id}/commands`, { type: 'override', label: 'agent1.1' });
    expect([taken.status, await taken.json()]).toEqual([202, { status: 'accepted' }]);
    expect(await reply).toMatch(/^By (ann|bob)\.$/);
    expect((await fetch(`${server.url}/massgen/runs/${id}`, auth)).status).toBe(404);
  });

  it('says what is wrong with a command, and asks for the token', async () => {
    const serving = await serve({ 'team.yaml': PATIENT });
    const { server } = serving;
    const { id, reply } = await beginRun(serving);
    const wrong = await post(server, `/massgen/runs/${id}/commands`, { type: 'vote', label: 'agent9.1' });
    expect([wrong.status, await wrong.json()]).toMatchObject([400, { error: { code: 'invalid_command' } }]);
    expect((await post(server, '/massgen/runs/none/commands', { type: 'cancel' })).status).toBe(404);
    const stranger = { authorization: 'Bearer wrong' };
    expect((await post(server, `/massgen/runs/${id}/commands`, { type: 'cancel' }, stranger)).status).toBe(401);
    await post(server, `/massgen/runs/${id}/commands`, { type: 'cancel' });
    await expect(reply).rejects.toMatchObject({ status: 503 });
  });
});
