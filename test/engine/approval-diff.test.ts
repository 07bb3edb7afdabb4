import { expect, test } from 'vitest';
import { linesFor } from '../../src/headless/plain-lines.ts';
import { auditText } from '../../src/headless/report/audit-text.ts';
import { auditRun } from '../../src/sessions/run-audit.ts';
import { foldEvents } from '../../src/coordination/apply.ts';
import { launchConfig } from './launch-config.ts';
import { ofType } from './scripted-run.ts';

test('who decides over a write sees what would change, and so does whoever reads of it later', async () => {
  const text = `
agent:
  id: ada
  backend:
    type: scripted
    cwd: workspace
    script: { turns: [{ tool_calls: [{ name: write_file, args: { path: a.txt, content: "one\\n" } }] }, { text: Done. }] }
permissions: { rules: [ask write_file] }
`;
  const { events } = await launchConfig(text, {
    isAttended: true,
    onStart: (handle) =>
      handle.subscribe(({ type, data }) => {
        if (type !== 'approval.requested') return;
        handle.send({ type: 'decide', request: data.request, isAllowed: true, scope: 'once', by: 'user', reason: '' });
      }),
  });
  const [asked] = ofType(events, 'approval.requested');
  const diff = '--- /dev/null\n+++ a.txt\n@@ -0,0 +1,1 @@\n+one\n';
  expect(asked?.data).toMatchObject({ diff, detail: '', tool: 'write_file' });
  const state = foldEvents(events);
  const lines = asked && state ? linesFor(asked, state, '/runs/run-1') : [];
  expect(lines.slice(1)).toEqual([
    '[ada] | --- /dev/null',
    '[ada] | +++ a.txt',
    '[ada] | @@ -0,0 +1,1 @@',
    '[ada] | +one',
  ]);
  expect(auditRun(events)).toMatchObject([{ tool: 'write_file', verdict: 'allowed', diff, effect: 'done' }]);
  expect(auditText('run-1', 0, auditRun(events))).toContain('                    | +one\n');
});
