import { lstat, readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isWithin } from '../path-policy.ts';
import {
  commandEnvironment,
  type CommandRequest,
  type CommandResult,
  type CommandRunner,
  type RunnerOptions,
} from './command-runner.ts';
import { openGroup, type ProcessGroup } from './command-groups.ts';
import { findLimits, PROCESS_LIMITS, type CommandLimits } from './command-limits.ts';
import { findDeviceGuard } from './device-guard.ts';
import { callFilter } from './system-calls.ts';
import { runProcess, startProcess, type ProcessOptions } from './run-process.ts';

/** System folders that programs need. Where one is a link (`/bin` → `usr/bin`), the link is made again. */
const SYSTEM = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/opt'];
/** Of `/etc` only what programs look things up in; no keys, no passwords. */
const SETTINGS = (
  'alternatives ca-certificates ca-certificates.conf chromium.d debian_version fonts group hosts java ld.so.cache ' +
  'ld.so.conf ld.so.conf.d localtime lsb-release magic mime.types nsswitch.conf os-release passwd perl protocols python3 ' +
  'services ssl/certs ssl/openssl.cnf timezone'
).split(' ');
/** With a version in their names; without its own, Java finds no cipher and no hash. */
const VERSIONED = /^(java-\d+-openjdk|python3\.\d+|ImageMagick-\d+)$/;
const HOME = '/tmp/home';
const PROBE_MS = 5_000;
const FILTER = callFilter(process.arch);
const FILTERED = ['--seccomp', '3'];

/** The user's own settings are not there, and without these git refuses to commit. A repository's own ones win. */
const GIT_SETTINGS = String.raw`printf '[user]\n\tname = agent\n\temail = agent@sandbox\n[init]\n\tdefaultBranch = main\n' >"$HOME/.gitconfig"`;
const LIMITED = `{ ${PROCESS_LIMITS}; ${GIT_SETTINGS}; } 2>/dev/null; exec /bin/sh -c "$1"`;

/**
 * Runs commands with bubblewrap: they see the system's programs, their workspace (writable) and what else the agent may
 * read (read-only), and nothing else of this machine: no home, no other process, no network unless it is allowed.
 */
export function createSandboxRunner(options: RunnerOptions): CommandRunner {
  const { files, path, hasNetwork, readable = [], environment = {} } = options;
  let limits: Promise<CommandLimits> | null = null;
  let sizes: Promise<boolean> | null = null;
  let guard: Promise<readonly string[]> | null = null;
  let filter: Promise<Buffer | null> | null = null;
  const warnings: string[] = [];
  const argumentsOf = async ({ command, folder, access }: CommandRequest, isSized: boolean): Promise<string[]> => {
    const env = commandEnvironment(options, HOME, folder);
    const args = [
      ...ISOLATION,
      ...scratchMounts(isSized),
      ...(hasNetwork ? ['--share-net', '--ro-bind-try', '/etc/resolv.conf', '/etc/resolv.conf'] : []),
      ...(await systemMounts()),
      ...fileMounts(files.grants(access)),
      ...readable.flatMap((each) => ['--ro-bind-try', each, each]),
      ...Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value]),
    ];
    const rest = ['--remount-ro', '/', '--chdir', folder, '--', '/bin/sh', '-c', LIMITED, 'sh', command];
    return [...args, ...rest];
  };
  const open = async (request: CommandRequest): Promise<Opened> => {
    const { signal, input } = request;
    const isRoot = process.getuid?.() === 0;
    limits ??= findLimits({ path, variables: environment, isRoot });
    guard ??= isRoot ? findDeviceGuard(path) : Promise.resolve([]);
    sizes ??= hasSizes(path);
    filter ??= findFilter(path);
    const { prefix, env, places } = await limits;
    const settings = (await filter) ?? undefined;
    const sandbox = ['bwrap', ...(settings ? FILTERED : []), ...(await argumentsOf(request, await sizes))];
    const group = await openGroup(places);
    const [file = '', ...args] = [...prefix, ...group.prefix, ...(await guard), ...sandbox];
    // Started in the workspace, a program that PATH names from there on would be the agent's.
    return {
      group,
      program: [file, args, { cwd: '/', env: { PATH: path, ...env }, signal, input, settings }],
    };
  };
  const run = async (request: CommandRequest): Promise<CommandResult> => {
    const { group, program } = await open(request);
    return runProcess(...program).finally(group.remove);
  };
  const start: CommandRunner['start'] = async (request, onOutput) => {
    const { group, program } = await open(request);
    const started = startProcess(...program, onOutput);
    started
      .then(
        async ({ ended }) => ended,
        () => undefined,
      )
      .then(group.remove, () => undefined);
    return started;
  };
  return {
    name: 'sandbox',
    warnings,
    run,
    start,
    findProblem: async () => {
      const access = { mayWriteContext: false, labels: [] };
      const probe = { command: 'exit 0', folder: files.workspace, access, signal: new AbortController().signal };
      try {
        const { exitCode, stderr } = await run(probe);
        if (exitCode !== 0) return `${ADVICE} ${ALLOWING} Bubblewrap said: ${stderr.trim().slice(0, 300)}`;
        if (FILTER && !(await filter) && warnings.length === 0) warnings.push(UNFILTERED);
        return null;
      } catch {
        return ADVICE;
      }
    },
  };
}

const ADVICE =
  'Commands cannot run, because the sandbox does not work here. Install bubblewrap (for example: apt-get install bubblewrap), or set command_line_execution_mode: host to run them without any protection.';
const ALLOWING =
  'Where it is installed, the system must allow user name spaces, which AppArmor and containers may forbid.';
const UNFILTERED =
  'This system does not let the sandbox refuse system calls, so commands get at what only that keeps from them (keys in the kernel, sockets to the machine that this one runs in).';

interface Opened {
  group: ProcessGroup;
  program: [file: string, args: string[], ProcessOptions];
}

/**
 * No `--new-session`: commands have neither a terminal nor a session that could get one, and all that is in the process
 * group goes at once when it is killed. What is in a session of its own outlives bubblewrap when that is killed as it begins.
 *
 * Settings of the machine below `/proc` belong to root: where root runs this they would be a command's to change, and a
 * program named there runs outside. So nothing of it is written.
 */
const ISOLATION = (
  '--unshare-user --unshare-ipc --unshare-pid --unshare-net --unshare-uts --unshare-cgroup-try ' +
  '--die-with-parent --cap-drop ALL --clearenv --hostname sandbox --proc /proc --remount-ro /proc --dev /dev'
).split(' ');
/** Of what lies in memory; the option is newer than bubblewrap's others. */
const SCRATCH_BYTES = { '/dev/shm': 1024 ** 3, '/tmp': 2 * 1024 ** 3 };

function scratchMounts(hasSizes: boolean): string[] {
  const folders = Object.entries(SCRATCH_BYTES).flatMap(([folder, bytes]) => [
    ...(hasSizes ? ['--size', String(bytes)] : []),
    '--tmpfs',
    folder,
  ]);
  return [...folders, '--remount-ro', '/dev', '--dir', HOME];
}

/** Only for a kernel that has no filters: whatever else is wrong is not mended by doing without. Never rejects. */
async function findFilter(path: string): Promise<Buffer | null> {
  if (!FILTER) return null;
  const probe = { cwd: '/', env: { PATH: path }, signal: AbortSignal.timeout(PROBE_MS), settings: FILTER };
  const args = [...FILTERED, '--unshare-user', '--ro-bind', '/', '/', '--', '/bin/sh', '-c', 'exit 0'];
  return runProcess('bwrap', args, probe).then(
    ({ exitCode, stderr }) => (exitCode !== 0 && /seccomp|system call filter/i.test(stderr) ? null : FILTER),
    () => FILTER,
  );
}

/** Never rejects. */
async function hasSizes(path: string): Promise<boolean> {
  const probe = { cwd: '/', env: { PATH: path }, signal: AbortSignal.timeout(PROBE_MS) };
  return runProcess('bwrap', ['--help'], probe).then(
    ({ stdout, stderr }) => (stdout + stderr).includes('--size '),
    () => false,
  );
}

async function systemMounts(): Promise<string[]> {
  const mounts: string[] = [];
  for (const folder of SYSTEM) {
    const stats = await lstat(folder).catch(() => null);
    if (stats?.isSymbolicLink()) mounts.push('--symlink', `usr${folder}`, folder);
    else if (stats?.isDirectory()) mounts.push('--ro-bind', folder, folder);
  }
  const versioned = (await readdir('/etc').catch((): string[] => [])).filter((name) => VERSIONED.test(name));
  for (const name of [...SETTINGS, ...versioned]) mounts.push('--ro-bind-try', `/etc/${name}`, `/etc/${name}`);
  const own = dirname(dirname(process.execPath));
  // This Node may live outside of the system's folders; a test suite needs it.
  if (!SYSTEM.some((folder) => isWithin(folder, own)) && own !== '/') mounts.push('--ro-bind-try', own, own);
  return mounts;
}

interface Mounted {
  root: string;
  mode: 'none' | 'read' | 'write';
  guardsNames: boolean;
}

/** From the outside in, so that a deeper grant lies on top. Places of the user's are never writable here. */
function fileMounts(grants: readonly Mounted[]): string[] {
  const sorted = grants.toSorted((a, b) => a.root.length - b.root.length);
  return sorted.flatMap(({ root, mode, guardsNames }, index) => {
    if (mode === 'none') {
      const isCovered = sorted.slice(0, index).some((outer) => outer.mode !== 'none' && isWithin(outer.root, root));
      return isCovered ? ['--tmpfs', root] : [];
    }
    return mode === 'write' && !guardsNames ? ['--bind', root, root] : ['--ro-bind-try', root, root];
  });
}
