import { fileURLToPath } from 'node:url';

/** A tool call, a failed request that is tried again, a refused call, an agent that fails and one that abstains. */
export const TROUBLED = `
orchestrator: { coordination: { persona_generator: { strategy: diverse } } }
agents:
  - id: a
    backend:
      type: scripted
      script:
        turns:
          - { when: prepare, tool_calls: [{ name: assign, args: { agents: [{ agent: agent1, text: You doubt. }] } }] }
          - { request: 1, reasoning: Let me see., text: First I compute., tool_calls: [{ name: calculator, args: { expression: 6 * 7 } }] }
          - { request: 2, answer: It is 42. }
          - { when: judge, vote: agent1, repeat: true }
          - { when: present, text: "Presented: 42.", repeat: true }
  - id: b
    backend:
      type: scripted
      script:
        turns:
          - { when: draft, fail: { kind: rate-limit, retry_after_ms: 20 } }
          - { when: draft, answer: It is 43., repeat: true }
          - { when: judge, text: Hm. }
          - { when: judge, vote: agent1, repeat: true }
          - { when: present, text: "Presented: 43.", repeat: true }
  - id: c
    backend:
      type: scripted
      script:
        turns:
          - { when: draft, answer: It is 44., repeat: true }
          - { when: judge, fail: { kind: auth, message: No such key. }, repeat: true }
          - { when: present, text: "Presented: 44.", repeat: true }
  - id: d
    backend:
      type: scripted
      script:
        turns:
          - { when: draft, answer: It is 45., repeat: true }
          - { when: judge, text: I will not., repeat: true }
          - { when: present, text: "Presented: 45.", repeat: true }
`;

/** A plan, a question that a copy answers, a model that is given up, files, and a budget. */
export const ASKING = `
agents:
  - id: a
    backend:
      type: scripted
      cwd: workspace
      script:
        turns:
          - { when: draft, request: 1, tool_calls: [{ name: create_task_plan, args: { tasks: [{ description: Think }] } }] }
          - { when: draft, request: 2, tool_calls: [{ name: ask_others, args: { question: "Is it 42?" } }] }
          - { when: draft, answer: It is 42., repeat: true }
          - { when: judge, vote: self, repeat: true }
          - { when: present, text: "Presented: 42.", repeat: true }
  - id: b
    backend:
      type: scripted
      script: { turns: [{ when: draft, repeat: true, fail: { kind: auth, message: No key. } }] }
      fallback:
        - type: scripted
          script:
            turns:
              - { when: reply, text: I think so., repeat: true }
              - { when: draft, answer: It is 43., repeat: true, delay_ms: 500 }
              - { when: judge, vote: other, repeat: true }
              - { when: present, text: "Presented: 43.", repeat: true }
limits: { tool_calls: 3 }
orchestrator:
  coordination: { broadcast: agents, enable_agent_task_planning: true }
`;

/** Parts that are done by others, waited for and in the background. */
export const SHARING = `
agents:
  - id: a
    backend:
      type: scripted
      script:
        turns:
          - when: draft
            request: 1
            tool_calls: [{ name: spawn_subagents, args: { tasks: [{ task: One. }, { task: Two. }] } }]
          - when: draft
            request: 2
            tool_calls: [{ name: spawn_subagents, args: { tasks: [{ task: Three. }], background: true } }]
          - { when: draft, request: 3, tool_calls: [{ name: wait_for_subagents, args: {} }] }
          - { when: draft, answer: It is 42., repeat: true }
          - { when: judge, vote: self, repeat: true }
          - { when: present, text: "Presented: 42.", repeat: true }
  - id: b
    backend:
      type: scripted
      script:
        turns:
          - { when: draft, answer: It is 43., repeat: true }
          - { when: judge, vote: other, repeat: true }
          - { when: present, text: "Presented: 43.", repeat: true }
orchestrator:
  coordination:
    enable_subagents: true
    subagent_orchestrator:
      agents:
        - backend:
            type: scripted
            script:
              turns:
                - { request: 1, delay_ms: 900, tool_calls: [{ name: calculator, args: { expression: 6 * 7 } }] }
                - { text: Part done., delay_ms: 700, repeat: true }
`;

/** An agent of two that answers, votes and presents. */
function plainAgent(id: string, more: readonly string[] = []): string {
  return `
  - id: ${id}
    backend:
      type: scripted
      script:
        turns:${more.map((turn) => `\n          - ${turn}`).join('')}
          - { when: draft, answer: By ${id}., repeat: true }
          - { when: judge, vote: agent1, delay_ms: 500, repeat: true }
          - { when: present, text: "Presented: 42.", repeat: true }`;
}

/** An answer that is found wanting once. */
export const STRICT = `
agents:${['a', 'b']
  .map((id) =>
    plainAgent(id, [
      '{ when: evaluate, tool_calls: [{ name: restart_orchestration, args: { reason: Weak., instructions: Again. } }], repeat: true }',
    ]),
  )
  .join('')}
orchestrator: { coordination: { max_orchestration_restarts: 1 } }
`;

/** Agents that take their time while they judge, so that a user can step in. */
export const SLOW = `agents:${['a', 'b', 'c'].map((id) => plainAgent(id)).join('')}`;

/** A better answer that reaches the other agent in the middle of its judging. */
export const IMPROVING = `
agents:${plainAgent('a', ['{ request: 2, answer: Better., delay_ms: 100 }'])}${plainAgent('b', [
  '{ request: 2, delay_ms: 300, tool_calls: [{ name: calculator, args: { expression: 6 * 7 } }] }',
])}
`;

/** Budgets of an agent, and a price that nobody knows. */
export const PAYING = `
agents:${plainAgent('a', [
  '{ when: draft, request: 1, cost_usd: null, usage: { input: 1200, output: 10 }, tool_calls: [{ name: calculator, args: { expression: 6 * 7 } }] }',
  '{ when: draft, request: 2, usage: { input: 1000, output: 10 }, answer: Dear. }',
])}
    limits: { tokens: 2000 }${plainAgent('b')}
limits: { usd: 5 }
`;

/** Requests that have to wait for their turn. */
export const WAITING = `
agents:${plainAgent('a')}${plainAgent('b')}
rate_limits: { scripted: { default: { rpm: 1 } } }
`;

const HANGS = '{ when: draft, hang: true, text: Well, repeat: true }';

/** An agent whose round takes too long. */
export const LATE = `
agents:${plainAgent('a')}${plainAgent('b', [HANGS])}${plainAgent('c')}
timeout_settings: { initial_round_timeout_seconds: 10, round_timeout_grace_seconds: 5 }
`;

/** A run that takes too long. */
export const OVERDUE = `
agents:${plainAgent('a')}${plainAgent('b', [HANGS])}
timeout_settings: { orchestrator_timeout_seconds: 60, round_timeout_grace_seconds: 5 }
`;

/** What a provider does beside writing. */
export const CITING = `
agents:${plainAgent('a', [
  '{ when: draft, answer: Found., builtin_tools: [{ name: web_search, detail: "42" }], builtin_results: [{ name: web_search, output: Found. }], citations: [{ url: "https://example.org" }], files: [{ name: a.txt, media_type: text/plain, text: a }], repeat: true }',
])}${plainAgent('b')}
`;

const MASSGEN = fileURLToPath(new URL('../../src/massgen.js', import.meta.url));
const WORKSPACE_TO_FOLDER = '../../../../..';

/** An agent that starts a run by a command. */
export const NESTING = `
agents:
  - id: a
    backend:
      type: scripted
      enable_mcp_command_line: true
      command_line_execution_mode: host
      script:
        turns:
          - when: draft
            request: 1
            tool_calls:
              - name: run_command
                args:
                  command: "${process.execPath} ${MASSGEN} --config ${WORKSPACE_TO_FOLDER}/nested.yaml --automation --speed max Q"
                  timeout: 60
          - { when: draft, answer: The part says 42., repeat: true }
          - { when: judge, vote: self, repeat: true }
          - { when: present, text: "Presented: 42.", repeat: true }${plainAgent('b').replace('agent1', 'other')}
`;

/** The team of that run. */
export const NESTED = `
agents:
  - id: part
    backend: { type: scripted, script: { turns: [{ text: It is 42., usage: { input: 70, output: 30 }, repeat: true }] } }
`;

/** A program of the user's that is told of tools. */
export const HOOKED = `
agents:${plainAgent('a', [
  '{ when: draft, request: 1, tool_calls: [{ name: calculator, args: { expression: 6 * 7 } }] }',
])}${plainAgent('b')}
hooks: { post_tool: [{ command: "true" }] }
`;

/** An effect outside of the workspace, which is planned first and needs leave, and questions to the user. */
export const ACTING = `
agents:
  - id: a
    backend:
      type: scripted
      command_line_execution_mode: host
      custom_tools: [{ path: send.mjs }]
      script:
        turns:
          - { when: draft, request: 1, tool_calls: [{ name: ask_others, args: { question: "To whom?" } }] }
          - { when: draft, request: 2, tool_calls: [{ name: custom_tool__send, args: { to: you } }] }
          - { when: draft, answer: It is to be sent., repeat: true }
          - { when: judge, vote: self, repeat: true }
          - { request: 5, tool_calls: [{ name: custom_tool__send, args: { to: you } }] }
          - { when: risk, text: '{"risk": "high", "reason": "It sends."}', repeat: true }
          - { when: present, text: "Presented: 42.", repeat: true }${plainAgent('b').replace('agent1', 'other')}
orchestrator: { coordination: { enable_planning_mode: true, broadcast: human } }
permissions: { risk_model: {} }
`;

/** An effect that is planned and then not made. */
export const LEAVING = `
agents:
  - id: a
    backend:
      type: scripted
      command_line_execution_mode: host
      custom_tools: [{ path: send.mjs }]
      script:
        turns:
          - { when: draft, request: 1, tool_calls: [{ name: custom_tool__send, args: { to: you } }] }
          - { when: draft, answer: It is to be sent., repeat: true }
          - { when: judge, vote: self, repeat: true }
          - { when: present, text: "Presented: 42.", repeat: true }${plainAgent('b').replace('agent1', 'other')}
orchestrator: { coordination: { enable_planning_mode: true } }
`;

/** Leaves a line each time that it runs, and tells how far it is. */
export const SEND = `
import { appendFileSync } from 'node:fs';
export const send = {
  description: 'Sends.',
  parameters: { type: 'object', properties: { to: { type: 'string' } } },
  run: async function* () {
    appendFileSync(new URL('effects.txt', import.meta.url), 'sent\\n');
    yield 'It is on its way.';
    await new Promise((resolve) => setTimeout(resolve, 50));
    return 'Sent.';
  },
};
`;

/** Changes of the user's files, which the user looks at. */
export const CHANGING = `
agents:
  - id: a
    backend:
      type: scripted
      cwd: workspace
      script:
        turns:
          - { when: draft, request: 1, tool_calls: [{ name: read_file, args: { path: mine.txt } }] }
          - { when: draft, request: 2, tool_calls: [{ name: write_file, args: { path: mine.txt, content: theirs } }] }
          - { when: draft, answer: It is written., repeat: true }
          - { when: judge, vote: self, repeat: true }
          - { when: present, text: "Presented: 42.", repeat: true }${plainAgent('b').replace('agent1', 'other')}
orchestrator: { coordination: { write_mode: isolated } }
`;
