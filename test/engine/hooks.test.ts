import { describe, expect, test, vi } from 'vitest';
import { launchConfig } from './launch-config.ts';
import { ofType } from './scripted-run.ts';

// Real processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

const team = (turns: string, hooks: string): string => `
agents:
  - id: ada
    backend: { type: scripted, script: { turns: [${turns}] } }
  - id: bob
    backend: { type: scripted, script: { turns: [{ answer: Hers is good. }, { when: judge, vote: other, repeat: true }] } }
hooks: ${hooks}
`;

/** Refuses what holds the word "draft". */
const CHECK = `
import json, sys
event = json.load(sys.stdin)
if "draft" in event.get("text", "") or "draft" in event.get("reason", ""):
    print(json.dumps({"decision": "deny", "reason": "No drafts, please."}))
`;
const files = { 'check.py': CHECK };

describe('a hook on answers', () => {
  test('refuses one, says why, and takes the next', async () => {
    const turns =
      '{ answer: A draft. }, { when: draft, answer: The answer. }, { when: judge, vote: self, repeat: true }';
    const { events } = await launchConfig(team(turns, '{ answer: [{ command: python3 check.py }] }'), { files });
    expect(ofType(events, 'call.refused').map(({ data: { code, message } }) => [code, message])).toEqual([
      ['hook', 'This answer does not count: No drafts, please.'],
    ]);
    expect(ofType(events, 'answer.submitted').map(({ data }) => data.text)).toEqual(
      expect.arrayContaining(['The answer.']),
    );
    expect(ofType(events, 'answer.submitted').map(({ data }) => data.text)).not.toContain('A draft.');
    const reports = ofType(events, 'hook.finished').filter(({ data }) => data.outcome === 'denied');
    expect(reports).toMatchObject([{ data: { point: 'answer', reason: 'No drafts, please.' } }]);
  });

  test('is never endless: an agent that hands in nothing else is out', async () => {
    const turns = '{ when: draft, answer: A draft., repeat: true }';
    const { events } = await launchConfig(team(turns, '{ answer: [{ command: python3 check.py }] }'), { files });
    const [out] = ofType(events, 'agent.failed');
    expect(out?.data.error.message).toContain('What it handed in was refused too often');
    expect(ofType(events, 'call.refused').length).toBeLessThan(10);
    expect(events.find(({ type }) => type === 'run.finished')).toMatchObject({ data: { outcome: 'answered' } });
  });

  test('looks at what is presented, too; the winning answer stands where that does not count', async () => {
    const turns = `{ when: draft, answer: The answer. }, { when: judge, vote: self, repeat: true },
      { when: present, text: A draft., repeat: true }`;
    const { events } = await launchConfig(team(turns, '{ answer: [{ command: python3 check.py }] }'), { files });
    expect(ofType(events, 'answer.presented').at(-1)?.data.text).toBe('The answer.');
  });

  test('that fails lets the answer count, and is told', async () => {
    const turns = '{ answer: A draft. }, { when: judge, vote: self, repeat: true }';
    const { events } = await launchConfig(team(turns, '{ answer: [{ command: exit 9 }] }'));
    expect(ofType(events, 'answer.submitted').map(({ data }) => data.text)).toContain('A draft.');
    expect(ofType(events, 'hook.finished')[0]?.data.outcome).toBe('failed');
  });
});

test('a hook on votes refuses one; whoever votes in no other way abstains', async () => {
  const turns = '{ answer: The answer. }, { when: judge, vote: { for: self, reason: a draft }, repeat: true }';
  const { events } = await launchConfig(team(turns, '{ vote: [{ command: python3 check.py }] }'), { files });
  expect(ofType(events, 'agent.abstained')).toHaveLength(1);
  expect(ofType(events, 'ballot.cast')).toHaveLength(1);
});

test('hooks of one agent are asked about this agent only, and may stand in the place of the team’s', async () => {
  const text = `
agents:
  - id: ada
    backend: { type: scripted, script: { turns: [{ answer: A draft. }, { when: judge, vote: self, repeat: true }] } }
    hooks: { answer: { override: true, hooks: [{ command: 'exit 0' }] } }
  - id: bob
    backend: { type: scripted, script: { turns: [{ answer: A draft, too., repeat: true }] } }
hooks: { answer: [{ command: python3 check.py }] }
`;
  const { events } = await launchConfig(text, { files });
  expect(ofType(events, 'answer.submitted').map(({ data }) => data.text)).toEqual(['A draft.']);
});

describe('a hook at the end', () => {
  const turns =
    '{ answer: The answer. }, { when: judge, vote: self, repeat: true }, { when: present, text: The answer. }';

  test('is told what came of the run', async () => {
    const { read, events } = await launchConfig(team(turns, '{ run_end: [{ command: cat > end.json }] }'));
    expect(JSON.parse(await read('end.json'))).toMatchObject({
      hook: 'run_end',
      run: 'run-1',
      question: 'What?',
      outcome: 'answered',
      winner_id: 'ada',
      answer: 'The answer.',
      cost_usd: 0,
    });
    expect(events.slice(-2).map(({ type }) => type)).toEqual(['run.finished', 'hook.finished']);
  });

  test('changes nothing when it fails, which is told', async () => {
    const { events } = await launchConfig(team(turns, '{ run_end: [{ command: exit 7 }] }'));
    expect(ofType(events, 'run.finished')[0]?.data.outcome).toBe('answered');
    expect(ofType(events, 'hook.finished')[0]?.data).toMatchObject({ outcome: 'failed', point: 'run_end' });
  });
});

test('a hook where the agent’s commands run sees its workspace, and nothing of the user’s', async () => {
  const text = `
agent:
  id: ada
  backend:
    type: scripted
    cwd: workspace
    script: { turns: [{ tool_calls: [{ name: write_file, args: { path: a.txt, content: x } }] }, { text: Done. }] }
hooks:
  post_tool:
    - where: agent
      matcher: write_file
      command: |
        printf '{"add":"%s"}' "$(echo $(cat a.txt; ls check.py 2>&1; pwd))"
`;
  const { events } = await launchConfig(text, { files });
  const [written] = ofType(events, 'tool.finished');
  expect(written?.data.output).toMatch(
    /^Made a\.txt, 1 bytes\.\nxls: .*check\.py.*No such file.* \/.*\/workspaces\/agent1$/,
  );
});

test('a secret of a hook is not in the log', async () => {
  const turns = '{ answer: The answer. }, { when: judge, vote: self, repeat: true }';
  const hooks = `{ answer: [{ command: 'echo "$SERVICE_TOKEN" >&2; exit 2', env: { SERVICE_TOKEN: token-5f3a-very-secret } }] }`;
  const { read } = await launchConfig(team(turns, hooks));
  const log = await read('runs/run-1/run.jsonl');
  expect([log.includes('This answer does not count'), log.includes('very-secret')]).toEqual([true, false]);
});
