import * as z from 'zod';
import { backend, contextPath, otherBackend } from './backend.ts';
import { dspy } from './dspy.ts';
import { atLeastOne, count, DEFAULTS, flag, key, opt, planned, positive, strictness, text, texts } from './key.ts';

const degree = z.enum(['low', 'medium', 'high']);

const personaGenerator = z.object({
  enabled: opt(flag, 'Turns points of view on; true if left out.'),
  backend: opt(otherBackend, 'The model that writes them; that of the first agent if left out.'),
  strategy: opt(
    z.enum(['complementary', 'diverse', 'specialized', 'adversarial']),
    'How they relate to each other; complementary if left out.',
  ),
  diversity_mode: opt(
    z.enum(['perspective', 'implementation', 'methodology']),
    'Whether agents look at different things (perspective, if left out) or also work in different ways.',
  ),
  persona_guidelines: opt(text, 'Your own words on what they are to be like.'),
  persist_across_turns: opt(
    flag,
    'Every agent keeps its own for the whole session, as long as agents and these settings stay the same.',
  ),
});

/** Of a turn; the same words in both places where they may stand. */
const roundTimeouts = z.object({
  initial_round_timeout_seconds: opt(
    positive.nullable(),
    'Seconds after which an agent is told to finish its first draft; no limit if left out.',
  ),
  subsequent_round_timeout_seconds: opt(
    positive.nullable(),
    'The same for every later turn: judging, presenting, evaluating.',
  ),
  round_timeout_grace_seconds: opt(
    positive.nullable(),
    `Seconds from there until it has only its answer or vote left to give, and again until its turn ends; ${DEFAULTS.roundLimits.graceMs / 1000} if left out.`,
  ),
});

const subagentTeam = z.object({
  enabled: opt(flag, 'False leaves `agents` out; true if left out.'),
  agents: opt(
    z
      .array(
        z.object({
          id: opt(text.min(1), 'Its name; its place in the list if left out.'),
          backend: key(backend, 'The model behind it, with the keys of `agents[].backend`.'),
          system_message: opt(text, 'What it is told before everything else.'),
        }),
      )
      .min(1),
    'They work on the part as a team; one alone just answers.',
  ),
  inherit_spawning_agent_backend: opt(flag, 'True leaves `agents` out.'),
});

const coordination = z.object({
  enable_planning_mode: opt(
    flag,
    'While they coordinate, agents only plan what has effects outside of their workspace; the winner does it when it presents.',
  ),
  planning_mode_instruction: opt(text, 'What agents are told of it, instead of the usual words.'),
  max_orchestration_restarts: opt(
    count,
    'How often a final answer that another agent finds wanting starts the work again.',
  ),
  restart_mode: opt(
    z.enum(['selective', 'full']),
    'Whether such a restart keeps the answers that whoever evaluates names as good, or all draft anew; selective if left out.',
  ),
  enable_agent_task_planning: opt(flag, 'Gives agents tools for a plan of tasks that depend on each other.'),
  max_tasks_per_plan: opt(atLeastOne, 'Tasks that a plan may have; 10 if left out.'),
  task_planning_filesystem_mode: planned(flag, 'Keep the task list in the workspace.'),
  enable_memory_filesystem_mode: planned(flag, 'Keep memories in the workspace.'),
  use_skills: opt(
    flag,
    'Tells agents of your skills (folders with a SKILL.md), which they read with `read_skill` when they need one: see tools.md.',
  ),
  massgen_skills: planned(texts, 'Built-in skills to offer.'),
  skills_directory: opt(text, 'The project’s folder of skills; `.agent/skills` if left out.'),
  load_previous_session_skills: planned(flag, 'Offer skills that earlier sessions wrote.'),
  persona_generator: opt(personaGenerator, 'Gives every agent a point of view of its own.'),
  enable_subagents: opt(
    flag,
    'Gives agents `spawn_subagents`: others that work on parts for them, in runs of their own.',
  ),
  subagent_default_timeout: opt(positive, 'Seconds that a subagent has; 300 if left out.'),
  subagent_max_concurrent: opt(atLeastOne, 'Subagents of one agent that work at once; 3 if left out.'),
  max_subagents_per_agent: opt(atLeastOne, 'Subagents that one agent may have in a run; 10 if left out.'),
  max_subagents_per_run: opt(atLeastOne, 'Subagents of all agents in a run; 30 if left out.'),
  subagent_round_timeouts: opt(roundTimeouts, 'Time limits of each turn of a subagent.'),
  subagent_orchestrator: opt(
    subagentTeam,
    'Who works on a subagent’s part; the model of the agent that asks, if left out.',
  ),
  subagent_types: opt(
    z.union([z.array(text.min(1)), z.record(text.min(1), text)]),
    'Roles that agents may give them: names, or names with what they are told of the role.',
  ),
  subagent_runtime_mode: opt(
    text,
    'Accepted; each always has a run, a log and a workspace of its own, in the same process.',
    'inert',
  ),
  recordable_configs: opt(
    z.array(text.min(1)).min(1),
    'Configs of teams that agents may ask and film with `run_massgen_with_recording`; agents get no such tool if left out.',
  ),
  write_mode: opt(
    z.enum(['auto', 'worktree', 'isolated', 'legacy']),
    'Where agents write: in a copy of the folder each, as a git worktree (`worktree`), a plain copy (`isolated`) or a worktree where there is a repository (`auto`); the user looks at the winner’s changes before they are written. `legacy`: the presenter writes to context paths itself; legacy if left out.',
  ),
  drift_conflict_policy: opt(
    z.enum(['skip', 'prefer_presenter', 'fail']),
    'Where the user has changed a file meanwhile: it is left alone (`skip`, if left out), replaced, or nothing at all is written.',
  ),
  apply_changes: opt(
    z.enum(['ask', 'auto', 'never']),
    'What becomes of the winner’s changes: the user is asked, and where nobody is there nothing is written (`ask`, if left out); all is written; nothing is. `massgen apply` writes them later.',
  ),
  worktree: opt(
    z.object({
      base_branch: opt(text, 'Branch, tag or commit that copies begin with; the folder as it is, if left out.'),
      include_uncommitted: opt(flag, 'Whether copies have what is not committed; true if left out.'),
      setup_script: opt(text, 'Shell command that makes every copy ready, run where the agent’s commands run.'),
      copy_files: opt(texts, 'Files that copies get though git ignores them, such as `.env`; no others with secrets.'),
    }),
    'How the copies are made.',
  ),
  broadcast: opt(
    z.union([z.literal(false), z.enum(['agents', 'human'])]),
    'Whom agents may ask with `ask_others`: nobody (false), each other, or the user.',
  ),
  broadcast_timeout: opt(
    positive.nullable(),
    'Seconds that an answer is waited for; null is no limit. 300 if left out.',
  ),
  broadcast_wait_by_default: opt(
    flag,
    'False: agents go on, and answers reach them at a safe point of the same turn. True if left out.',
  ),
  max_broadcasts_per_agent: opt(count, 'Questions that one agent may ask in a run; 10 if left out.'),
  broadcast_sensitivity: opt(degree, 'How readily agents are told to ask; medium if left out.'),
  response_depth: opt(degree, 'How much agents put into their answers to each other; medium if left out.'),
});

/** Keys of MassGen after 0.1.12. */
const later = {
  coordination_mode: opt(
    z.enum(['parallel', 'decomposition']),
    'All agents on the whole question, or each on a part of it that one of them puts together in the end; parallel if left out.',
  ),
  max_new_answers_global: opt(atLeastOne.nullable(), 'Most answers of all agents together; then only votes are taken.'),
  fairness_enabled: opt(
    flag,
    'Accepted; fast agents always wait: all have answered before any judges, and nobody judges again while somebody who may still answer works.',
    'inert',
  ),
  fairness_lead_cap_answers: opt(count, 'Accepted; see `fairness_enabled`.', 'inert'),
  max_midstream_injections_per_round: opt(
    count,
    'Most updates in one turn of an agent; with later answers it is asked to judge anew. Not limited if left out.',
  ),
  defer_peer_updates_until_restart: opt(flag, 'True is the same as `updates: finish-then-judge`.'),
  disable_injection: opt(flag, 'True is the same as `updates: restart`.'),
  defer_voting_until_all_answered: opt(flag, 'Accepted; nobody ever votes before all have answered.', 'inert'),
  fast_iteration_mode: planned(flag, 'Shorter rounds.'),
  final_answer_strategy: opt(
    z.enum(['winner_reuse', 'winner_present', 'synthesize']),
    'MassGen’s later name for `final_answer`.',
  ),
  enable_nlip: planned(flag, 'Tool calls as NLIP messages.'),
  docker: opt(
    z.object({
      persist_containers_between_turns: opt(
        flag,
        'The container of an agent stays for the later questions of the session, with what was installed and left in it; false if left out.',
      ),
      idle_hours: opt(
        positive,
        'A container that stays, and that no question has used for so long, is removed by the next run with containers; 24 if left out.',
      ),
    }),
    'Containers of the session.',
  ),
};

export const orchestrator = z.object({
  voting_rule: key(
    z.enum(['copeland', 'borda', 'plurality', 'approval']).default(DEFAULTS.votingRule),
    'How ballots become a winner.',
  ),
  tie_break: key(
    z.enum(['earliest-answer', 'registration', 'fewest-tokens', 'random']).default(DEFAULTS.tieBreak),
    'What decides between answers that the rule leaves equal.',
  ),
  count_self_votes: key(
    flag.default(DEFAULTS.countSelfVotes),
    'Whether a vote for one’s own answer counts; if not, for the next choice.',
  ),
  updates: opt(
    z.enum(['inject', 'restart', 'finish-then-judge']),
    `How a new answer reaches agents that are judging; ${DEFAULTS.updates} if left out.`,
  ),
  max_new_answers_per_agent: key(
    atLeastOne.nullable().default(DEFAULTS.maxAnswersPerAgent),
    'Accepted answers per agent; null is unlimited.',
  ),
  quorum: opt(atLeastOne, 'Ballots that are enough: once so many count, the vote is taken without the rest.'),
  early_stop: opt(
    z.enum(['safe', 'ballots', 'probable', 'never']),
    `When the vote ends before all have voted: once the missing ballots cannot change the winner and no further answer can come (safe), even if one could (ballots), once the ballots so far make it likely enough that most prefer the leading answer (probable), or never; ${DEFAULTS.earlyStop} if left out.`,
  ),
  early_stop_probability: opt(
    z.number().gt(0.5).lt(1),
    `How likely that is to be, with \`early_stop: probable\`; ${DEFAULTS.earlyStopProbability} if left out.`,
  ),
  final_answer: opt(
    z.enum(['present', 'reuse', 'synthesize']),
    `Who writes the final answer: the winner anew, nobody (the winning answer is it), or the winner out of all answers; ${DEFAULTS.finalAnswer} if left out.`,
  ),
  max_protocol_retries: key(
    count.default(DEFAULTS.maxProtocolRetries),
    'Refused or missing votes and answers that an agent may repair in one turn.',
  ),
  max_tool_rounds: key(
    atLeastOne.default(DEFAULTS.maxToolRounds),
    'Model calls of one turn that use tools and neither answer nor vote.',
  ),
  voting_sensitivity: key(strictness.default(DEFAULTS.sensitivity), 'How demanding agents are when they judge.'),
  peer_answer_chars: opt(
    z.number().int().min(1000).nullable(),
    `Characters of another agent’s answer that agents are shown; of longer ones they see the beginning, the end and the headings between, and can read the rest. Null shows all; ${DEFAULTS.peerAnswerChars} if left out.`,
  ),
  peer_answer_summaries: opt(
    flag,
    'Whether the author of a longer answer is asked for a summary of it, which the others are shown instead of parts; false if left out.',
  ),
  project_notes: opt(
    flag,
    'Whether agents are told what AGENTS.md (else CLAUDE.md) of the folder says; true if left out.',
  ),
  answer_novelty_requirement: key(
    strictness.default(DEFAULTS.novelty),
    'How much a new answer must differ from those its author saw.',
  ),
  skip_coordination_rounds: opt(
    flag,
    'For debugging: the first answer wins, and nobody is asked to vote; false if left out.',
  ),
  debug_final_answer: opt(
    text,
    'For debugging, with `max_orchestration_restarts`: what whoever evaluates the first attempt is shown in place of its final answer.',
  ),
  snapshot_storage: opt(text, 'Folder of snapshots. Runs keep them in their own folder here.', 'inert'),
  agent_temporary_workspace: opt(text, 'Folder of the others’ work. Runs keep it in their own folder here.', 'inert'),
  session_storage: opt(text, 'Accepted; sessions are always kept under `.massgen`.', 'inert'),
  context_paths: opt(z.array(contextPath), 'Places that all agents may see.'),
  timeout: opt(
    z.object({
      orchestrator_timeout_seconds: opt(positive, 'Counts if `timeout_settings` does not say it.'),
    }),
    'Older place of `timeout_settings`.',
  ),
  coordination: opt(coordination, 'How agents work.'),
  dspy: opt(dspy, 'Rewording of the question.'),
  ...later,
});

export const timeoutSettings = z.object({
  orchestrator_timeout_seconds: opt(
    positive.nullable(),
    'Longest run in seconds; null is no limit. Then the votes so far decide. 1800 if left out.',
  ),
  ...roundTimeouts.shape,
});
