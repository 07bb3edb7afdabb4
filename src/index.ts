/**
 * The package's public face: teams for programs. `docs/api.md` has examples that run. Everything heavy is loaded when
 * the first run begins, so importing this costs next to nothing.
 */
export { run, start } from './api/run.ts';
export type { RunOptions } from './api/run-options.ts';
export { resume, type ResumeOptions } from './api/resume.ts';
export type { RunStream } from './api/run-stream.ts';
export type { RunResult, WinnerReport, VoteReport, AnswerReport } from './api/result.ts';
export { buildConfig, type AgentRequest, type BuildConfigOptions } from './api/build-config.ts';
export type { ConfigObject, AgentObject, BackendObject } from './api/config-object.ts';
export { validateConfig, type ConfigReport } from './api/validate-config.ts';
export type { PastTurn } from './api/past-turn.ts';
export type { TeamSource } from './api/team-source.ts';
export type { SurroundingsOptions } from './api/surroundings.ts';
export type { Problem } from './config/problem.ts';
export { defineTool, type OwnTool, type OwnToolContext } from './api/define-tool.ts';
export { MassgenError, EXIT, type ExitCode } from './platform/errors.ts';
export type { RunEvent, EventOf, EventType, RunOutcome, AgentInfo } from './events/event.ts';
export type { CoordinationSettings } from './events/settings.ts';
export type { Usage } from './events/usage.ts';
export { VERSION } from './api/version.ts';
