import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { BACKEND_TYPE_NAMES } from '../../src/config/catalogue.ts';
import { writeReference } from '../../src/config/reference.ts';

const FILE = new URL('../../docs/config.md', import.meta.url);

describe('docs/config.md', () => {
  it('says what the schema says; UPDATE_DOCS=1 writes it anew', async () => {
    if (process.env['UPDATE_DOCS'] === '1') await writeFile(FILE, writeReference());
    expect(await readFile(FILE, 'utf8')).toBe(writeReference());
  });

  it('has a row for every type', () => {
    const text = writeReference();
    for (const type of BACKEND_TYPE_NAMES) expect(text).toContain(`\n| ${type} | `);
  });

  it.each([
    '| `agents[].backend.mcp_servers[].command` | text or list of text |  | Program to start (stdio). | yes |',
    '| `orchestrator.voting_rule` | copeland, borda, plurality, approval | copeland | How ballots become a winner. | yes |',
    '| `orchestrator.max_new_answers_per_agent` | whole number or null | 2 | Accepted answers per agent; null is unlimited. | yes |',
    '| `agents[].append_system_prompt` | text |  | Has no effect; `system_message` is the key. | no effect |',
  ])('has the row %s', (row) => {
    expect(writeReference().split('\n')).toContain(row);
  });
});
