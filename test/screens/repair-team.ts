import { fileURLToPath } from 'node:url';

export const MASSGEN = fileURLToPath(new URL('../../src/massgen.js', import.meta.url));

/** A project with a test that fails. */
export const PROJECT = {
  'package.json': '{ "name": "sums", "type": "module" }\n',
  'sum.js': 'export const sum = (a, b) => a - b;\n',
  'sum.test.js':
    "import test from 'node:test';\nimport assert from 'node:assert';\nimport { sum } from './sum.js';\n" +
    "test('sums', () => assert.equal(sum(2, 3), 5));\n",
  'notes.txt': 'mine\n',
  '.gitignore': '.massgen/\n',
};

const RUN_TEST = `      - { when: draft, tool_calls: [{ name: run_command, args: { command: "uname -n; node --test" } }] }`;

function agent(id: string, fix: string, vote: string, more = ''): string {
  return `  - id: ${id}
    backend:
      type: scripted
      enable_mcp_command_line: true
      enforce_read_before_delete: false
      script:
        turns:
${RUN_TEST.replaceAll(/^ {6}/gm, '          ')}
          - { when: draft, tool_calls: [{ name: write_file, args: { path: sum.js, content: "${fix}" } }] }
${more}${RUN_TEST.replaceAll(/^ {6}/gm, '          ')}
          - { when: draft, answer: "${id} has fixed it." }
          - { when: judge, vote: ${vote} }
`;
}

/** With this seed the first agent is agent1, whom the others vote for. */
export const REPAIR_SEED = '3';

/** Three agents, of which the first repairs the project and is chosen by all. */
export const REPAIR_TEAM = `agents:
${agent('mender', 'export const sum = (a, b) => a + b;\\n', 'self', '          - { when: draft, tool_calls: [{ name: write_file, args: { path: docs/sum.md, content: "It adds." } }, { name: delete_file, args: { path: notes.txt } }] }\n')}${agent('guesser', 'export const sum = () => 5;\\n', 'agent1')}${agent('breaker', 'export const sum = 0;\\n', 'agent1')}orchestrator:
  final_answer: reuse
  coordination: { write_mode: auto }
`;
