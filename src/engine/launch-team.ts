import { basename, dirname, join } from 'node:path';
import type { AgentSpec, TeamSpec } from '../config/team.ts';
import type { RunEvent } from '../events/event.ts';
import type { RunHandle } from '../events/run-handle.ts';
import { NO_LIMITS, type Limits } from '../events/settings.ts';
import type { Unattended } from '../config/permission-needs.ts';
import { createRealClock, type Clock } from '../platform/clock.ts';
import { randomSeed } from '../platform/entropy.ts';
import { createPacedClock } from '../platform/paced-clock.ts';
import { massgenHome, safeFileName } from '../platform/paths.ts';
import { requireDepth } from '../platform/run-depth.ts';
import { createProvider } from '../providers/create.ts';
import { createRequestGate } from '../providers/limits/create-gate.ts';
import type { RequestGate } from '../providers/limits/request-gate.ts';
import type { SharedLimits } from '../providers/limits/shared-limiter.ts';
import type { Provider } from '../providers/provider.ts';
import { createRunLog } from '../runlog/create-run-log.ts';
import { adoptRunLog } from '../runlog/open-run-log.ts';
import type { RunLog } from '../runlog/run-log.ts';
import { readRunLog } from '../runlog/read-run-log.ts';
import { createRedactor, type Redactor } from '../runlog/redact.ts';
import { readProjectNotes, type ProjectNotes } from '../workspace/project-notes.ts';
import { isBuiltIn } from './built-in.ts';
import { secretsOf } from './team-secrets.ts';
import { toolMaker } from './tool-maker.ts';
import { cleanedText, cleanRuns } from './clean-runs.ts';
import { containerSecrets } from './container-secrets.ts';
import { tellParent, withinParent } from './parent-budget.ts';
import { endHooks } from './end-hooks.ts';
import { removeUselessCopies } from './left-copies.ts';
import { ProjectDesk } from './project-desk.ts';
import { checkInputs, keepInputs, MAX_MEDIA_BYTES, type WantedFile } from './input-files.ts';
import { writeLaunchRecord, type LaunchRecord } from './launch-record.ts';
import { openLeave } from './rule-files.ts';
import { RemoteDesk } from './remote-desk.ts';
import { plainAddress, type RemoteConnect } from './remote-record.ts';
import { createPartMaker } from './open-subagent.ts';
import { noteWork } from './worked-on.ts';
import { createWordingCache } from './wording-cache.ts';
import { resumeRun, startRun, type RunPast, type StartOptions } from './start-run.ts';

/** A team and everything that its run is made from. The command, the API and the server all start runs with it. */
export interface TeamLaunch {
  team: TeamSpec;
  /** Undefined draws one. */
  seed: number | undefined;
  /** Pace of built-in agents; models keep their own. */
  speed: number;
  /** Absolute; the run gets a folder of its own in it. */
  runsDir: string;
  /** Where it must be known before the run begins, and free; undefined draws one. */
  runId?: string;
  /** The whole environment, so that no secret of it is ever logged. */
  variables: Readonly<Record<string, string | undefined>>;
  version: string;
  /** The user's home folder: for rate limits of the user's own, and to count requests per day across runs. */
  home?: string;
  /** Also the built-in rate limits (`--rate-limit`). */
  rateLimit?: boolean;
  /** Rate limits that other runs count for too; built-in agents, whose time is their own, keep to none. */
  sharedLimits?: SharedLimits | undefined;
  /** Told, in a full sentence, what went wrong beside the run. */
  onProblem?: (message: string) => void;
  /** Where the command was started. With it the run can be taken up again later; without it, it cannot. */
  cwd?: string;
  /** Files that the question itself names. */
  mentioned?: readonly WantedFile[];
  /** The session that the run belongs to and what was said in it. */
  past?: RunPast;
  /** Whether somebody decides over calls and answers questions; absent is nobody: they are declined at once. */
  isAttended?: boolean;
  /**
   * Told the run's folder before its first event is written, and waited for, so that whoever keeps a list of runs has every
   * run that there is, however its process ends. Must not reject.
   */
  onFolder?: (run: { run: string; dir: string; startedAt: number }) => Promise<void>;
  /** What takes the place of a person where nobody decides (`--approve`); absent is as the config says. */
  unattended?: Unattended;
}

export interface LaunchedTeam {
  handle: RunHandle;
  /** The wall clock, also for a run whose agents live in paced time. */
  clock: Clock;
  /** Hides this run's secrets, for what is told of the run outside of its log. */
  redact: Redactor;
}

function uploadsOf({ id, uploads }: AgentSpec): WantedFile[] {
  const { paths = [], searched = [], maxMediaBytes = MAX_MEDIA_BYTES } = uploads ?? {};
  return paths.map((path) => ({ path, agents: [id], maxMediaBytes, isSearched: searched.includes(path) }));
}

/** A place of the user's that is not there is a mistake in the config: nothing is run. Rejects with a MassgenError. */
async function requirePlaces({ agents }: TeamSpec, cwd: string): Promise<void> {
  const paths = agents.flatMap(({ tools }) => tools?.contextPaths ?? []);
  if (paths.length === 0) return;
  const { resolveContextPaths } = await import('../workspace/context-paths.ts');
  await resolveContextPaths(paths, cwd, () => undefined);
}

/** Starts a run on a new log. Rejects with a MassgenError when no log can be made, or what the team needs is not there. */
export async function launchTeam(
  { seed = randomSeed(), runsDir, runId, version, cwd, past, ...launch }: TeamLaunch,
  question: string,
): Promise<LaunchedTeam> {
  const { team, speed } = launch;
  const depth = requireDepth(launch.variables);
  const { real, ...parts } = await partsOf(launch, cwd);
  const { clock, redact } = parts;
  const leave = await openLeave(leaveOptions(launch, cwd, past?.session));
  const files = await checkInputs([...team.agents.flatMap(uploadsOf), ...(launch.mentioned ?? [])], cwd ?? '.');
  await requirePlaces(team, cwd ?? '.');
  const settings = await withinParent(team.settings, launch.variables, real.now());
  const log = await createRunLog({ runsDir, clock, redact, ...(runId !== undefined && { createId: () => runId }) });
  return orClosed(log, async () => {
    await tellParent(launch.variables, { id: log.runId, dir: log.dir });
    if (cwd !== undefined && team.origin) {
      await writeLaunchRecord(log.dir, { v: 1, cwd, origin: team.origin, speed, pid: process.pid }, redact);
    }
    await launch.onFolder?.({ run: log.runId, dir: log.dir, startedAt: real.now() });
    if (team.keepRunsDays !== undefined) void cleanUp(runsDir, team.keepRunsDays, real.now(), launch.onProblem);
    const inputs = await keepInputs(files, log.dir);
    const changes = openProjectDesk(launch, cwd, log.dir);
    const place = {
      runDir: log.dir,
      runsDir,
      cwd,
      earlierFiles: past?.earlierFiles,
      leave,
      changes,
      containers: containersOf(launch, cwd, past?.session),
      environment: launch.variables,
    };
    const toolsIn = toolMaker(place, version, { depth, limits: [settings.limits, ...limitsOfAgents(team)] }, real);
    const shared = { ...parts, wallClock: real, project: await projectNotesOf(team, cwd, redact) };
    const handle = startRun({
      question,
      inputs,
      team: team.name,
      agents: team.agents,
      settings,
      seed,
      version,
      ...(past && { past }),
      log,
      toolsOf: toolsIn(log.dir),
      partMaker: createPartMaker({
        ...shared,
        redact,
        version,
        agents: team.subagents ?? null,
        toolsIn,
      }),
      ...(team.preparers && { preparers: team.preparers }),
      ...wordingsOf(launch, cwd, redact),
      ...(changes && { changes }),
      ...endHooksOf(launch, cwd, log.dir, real),
      remote: openRemoteDesk(launch, log.dir, real),
      isAttended: launch.isAttended ?? false,
      ...shared,
    });
    leave.keep(handle);
    noteWork(handle);
    return { handle, clock: real, redact };
  });
}

/**
 * Goes on with the run in `dir`, whose log it takes over. A run that is over just tells its events again. Rejects with a
 * MassgenError when the log cannot be taken over.
 */
export async function resumeTeam(
  launch: Surroundings,
  dir: string,
  record: LaunchRecord | Pick<LaunchRecord, 'cwd' | 'speed'>,
): Promise<LaunchedTeam> {
  const depth = requireDepth(launch.variables);
  const { real, ...parts } = await partsOf(launch, record.cwd, isBuiltIn(launch.team) ? await lastEventAt(dir) : 0);
  const { clock, redact } = parts;
  const { log, events } = await adoptRunLog(dir, { clock, redact });
  return orClosed(log, async () => {
    const leave = await openLeave(leaveOptions(launch, record.cwd, sessionOf(events)));
    if ('origin' in record) await writeLaunchRecord(dir, { ...record, pid: process.pid }, redact);
    const version = versionOf(events);
    const changes = openProjectDesk(launch, record.cwd, dir);
    const earlierFiles = earlierFilesOf(events);
    const place = {
      runDir: dir,
      runsDir: dirname(dir),
      cwd: record.cwd,
      earlierFiles,
      leave,
      changes,
      containers: containersOf(launch, record.cwd, sessionOf(events)),
      environment: launch.variables,
    };
    const toolsIn = toolMaker(
      place,
      version,
      { depth, limits: [limitsOf(events), ...limitsOfAgents(launch.team)] },
      real,
    );
    const shared = { ...parts, wallClock: real, project: await projectNotesOf(launch.team, record.cwd, redact) };
    const handle = resumeRun(
      {
        agents: launch.team.agents,
        log,
        toolsOf: toolsIn(dir),
        partMaker: createPartMaker({
          ...shared,
          redact,
          version,
          agents: launch.team.subagents ?? null,
          toolsIn,
        }),
        ...(launch.team.preparers && { preparers: launch.team.preparers }),
        ...wordingsOf(launch, record.cwd, redact),
        ...(changes && { changes }),
        ...endHooksOf(launch, record.cwd, dir, real),
        remote: openRemoteDesk(launch, dir, real),
        isAttended: launch.isAttended ?? false,
        ...shared,
      },
      events,
    );
    leave.keep(handle);
    noteWork(handle);
    return { handle, clock: real, redact };
  });
}

/** Hands a log on to a run, which closes it. Where that fails before there is one, nobody else would. */
async function orClosed<T>(log: RunLog, start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    await log.close();
    throw error;
  }
}

/** What a run takes from where it is started, whether it begins or goes on. */
type Surroundings = Pick<
  TeamLaunch,
  'team' | 'speed' | 'variables' | 'home' | 'rateLimit' | 'sharedLimits' | 'onProblem' | 'isAttended' | 'unattended'
>;

/** Built-in agents may have lived through hours in a moment; nothing that follows is to be told from before that. */
async function lastEventAt(dir: string): Promise<number> {
  let last = 0;
  for await (const { at } of readRunLog(dir)) last = at;
  return last;
}

/**
 * What a run is made of besides its log; the same for one that begins and one that goes on. Paced time begins at
 * `notBefore` at the earliest.
 */
async function partsOf(
  { team, speed, variables, home, rateLimit, sharedLimits, onProblem }: Surroundings,
  cwd?: string,
  notBefore = 0,
): Promise<{
  real: Clock;
  clock: Clock;
  redact: Redactor;
  gate: RequestGate;
  createProvider: (agent: AgentSpec) => Promise<Provider>;
}> {
  const real = createRealClock();
  const startAt = Math.max(real.now(), notBefore);
  const clock: Clock = isBuiltIn(team) ? createPacedClock({ startAt, speed, real }) : real;
  const inContainers = await containerSecrets(team, { variables, home: home ?? null, cwd: cwd ?? '.' });
  return {
    real,
    clock,
    gate: await createRequestGate({
      configured: team.rateLimits ?? null,
      useDefaults: rateLimit ?? false,
      folder: isBuiltIn(team) || home === undefined ? null : massgenHome({ cwd: cwd ?? '.', home, variables }),
      now: clock.now(),
      shared: isBuiltIn(team) ? undefined : sharedLimits,
      onProblem: onProblem ?? (() => undefined),
    }),
    redact: createRedactor({ secrets: [...secretsOf(team, variables), ...inContainers] }),
    createProvider: (agent) => createProvider(agent.backend, { clock }),
  };
}

/** What an earlier process has left at providers is reached with the keys that the team has now. */
function openRemoteDesk({ team, onProblem }: Surroundings, dir: string, clock: Clock): RemoteDesk {
  const connect: RemoteConnect = async ({ type, baseUrl }) => {
    const backends = team.agents.flatMap(({ backend }) => [backend, ...(backend.fallback ?? [])]);
    const backend = backends.find((each) => each.type === type && plainAddress(each.baseUrl) === baseUrl);
    return backend ? ((await createProvider(backend, { clock })).files ?? null) : null;
  };
  return new RemoteDesk({ dir, clock, connect, ...(onProblem && { tell: onProblem }) });
}

const DAY_MS = 86_400_000;

/** Beside the run, which does not wait for it. */
async function cleanUp(runsDir: string, days: number, now: number, tell: TeamLaunch['onProblem']): Promise<void> {
  const cleaned = await cleanRuns(runsDir, now - days * DAY_MS);
  const text = cleanedText(cleaned);
  if (text !== '') tell?.(`${text} The config keeps logs for ${days} days.`);
}

/** What the folder says about itself, without the secrets of this run. Built-in agents have no use for it. */
async function projectNotesOf(team: TeamSpec, cwd: string | undefined, redact: Redactor): Promise<ProjectNotes | null> {
  if (cwd === undefined || team.usesProjectNotes === false || isBuiltIn(team)) return null;
  const notes = await readProjectNotes(cwd);
  return notes && { ...notes, text: redact.text(notes.text) };
}

/** In the session's own folder, with which they go. */
function containersOf(
  { home, variables }: Pick<Surroundings, 'home' | 'variables'>,
  cwd = '.',
  session?: string,
): { session: string; dir: string } | null {
  if (home === undefined || session === undefined) return null;
  const dir = join(massgenHome({ cwd, home, variables }), 'sessions', safeFileName(session), 'containers');
  return { session, dir };
}

function sessionOf([first]: readonly RunEvent[]): string | undefined {
  return first?.type === 'run.started' ? first.data.session : undefined;
}

function leaveOptions(
  { home, variables, unattended, onProblem }: Omit<Surroundings, 'team' | 'speed'>,
  cwd: string | undefined,
  session: string | undefined,
): Parameters<typeof openLeave>[0] {
  return { home, variables, unattended, cwd: cwd ?? '.', session, onProblem: onProblem ?? (() => undefined) };
}

function earlierFilesOf([first]: readonly RunEvent[]): string | undefined {
  return first?.type === 'run.started' ? first.data.earlierFiles : undefined;
}

/** The version that a run was begun with. */
function versionOf([first]: readonly RunEvent[]): string {
  return first?.type === 'run.started' ? first.data.version : '0';
}

function limitsOf([first]: readonly RunEvent[]): Limits {
  return first?.type === 'run.started' ? { ...NO_LIMITS, ...first.data.settings.limits } : NO_LIMITS;
}

function limitsOfAgents({ agents }: TeamSpec): Limits[] {
  return agents.flatMap(({ limits }) => limits ?? []);
}

function endHooksOf(
  { team: { endHooks: needs }, variables }: Surroundings,
  cwd: string | undefined,
  runDir: string,
  clock: Clock,
): Pick<StartOptions, 'atEnd'> {
  return needs ? { atEnd: endHooks({ needs, runDir, cwd: cwd ?? runDir, clock, variables }) } : {};
}

/** Where the config keeps rewordings, and there is a place for them. */
function wordingsOf(
  { team, home, variables }: Pick<Surroundings, 'team' | 'home' | 'variables'>,
  cwd: string | undefined,
  redact: Redactor,
): Pick<StartOptions, 'wordings'> {
  if (!team.settings.rewording?.isCached || home === undefined) return {};
  const folder = join(massgenHome({ cwd: cwd ?? '.', home, variables }), 'wordings');
  return { wordings: createWordingCache(folder, redact) };
}

/** Null where the presenter writes to the user's folder itself. */
function openProjectDesk(
  { team, home, variables }: Pick<Surroundings, 'team' | 'home' | 'variables'>,
  cwd: string | undefined,
  runDir: string,
): ProjectDesk | null {
  if (!team.copies || cwd === undefined) return null;
  // Outside of the user's folder, where tools that look upwards find nothing of it.
  const folder = home === undefined ? runDir : massgenHome({ cwd, home, variables });
  void removeUselessCopies(join(folder, 'worktrees'));
  return new ProjectDesk({
    needs: team.copies,
    agents: team.agents,
    cwd,
    runDir,
    copiesDir: join(folder, 'worktrees', basename(runDir)),
    path: variables['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    home,
  });
}
