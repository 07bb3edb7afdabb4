import { readFile } from 'node:fs/promises';
import { findGroupPlaces, openGroup, type GroupPlace } from './command-groups.ts';
import { runProcess } from './run-process.ts';

/**
 * What keeps a command from taking all memory and processes. `group` counts all of its processes together (by
 * systemd-run, or where this program may make groups itself); `process` is a limit of memory for each process, and of
 * processes for the whole user.
 */
export interface CommandLimits {
  kind: 'group' | 'process';
  /** Goes before the program. */
  prefix: readonly string[];
  /** Variables that the prefix needs; the command does not see them. */
  env: Readonly<Record<string, string>>;
  /** Where every command gets a group of its own; empty where the prefix makes it, or nothing does. */
  places: readonly GroupPlace[];
  /** Why it is not `group`, in a few words; empty if it is. */
  why: string;
}

export interface LimitSurroundings {
  /** `PATH`. */
  path: string;
  variables: Readonly<Record<string, string | undefined>>;
  isRoot: boolean;
  /** Where the kernel shows groups of processes, and what it says of this program's own; the usual files if left out. */
  groups?: { root: string; own: string };
}

const PROPERTIES = ['MemoryMax=8G', 'MemorySwapMax=0', 'TasksMax=512'];
const PROBE_MS = 5_000;

/**
 * For each process: files of at most 1 GB, no core dumps, 4 GB of memory, 512 processes at once. Shells differ in their
 * letter for processes, and the system does not count those of root.
 */
export const PROCESS_LIMITS = [
  'ulimit -f 2097152',
  'ulimit -c 0',
  'ulimit -d 4194304',
  '{ ulimit -p 512 || ulimit -u 512; }',
].join(' 2>/dev/null; ');

/** Tries what works here. Never rejects. */
export async function findLimits(surroundings: LimitSurroundings): Promise<CommandLimits> {
  const limits = await limitsBySystem(surroundings);
  if (limits.kind === 'group') return limits;
  const { root, own } = surroundings.groups ?? { root: '/sys/fs/cgroup', own: await ownGroups() };
  const places = await findGroupPlaces(root, own);
  const works = places.length > 0 && (await canJoin(places));
  return works ? { kind: 'group', prefix: [], env: {}, places, why: '' } : limits;
}

function ownGroups(): Promise<string> {
  return readFile('/proc/self/cgroup', 'utf8').catch(() => '');
}

/** Tries it. Never rejects. */
async function canJoin(places: readonly GroupPlace[]): Promise<boolean> {
  try {
    const { prefix, remove } = await openGroup(places);
    const [file, ...args] = [...prefix, 'true'];
    const { exitCode } = await runProcess(file, args, { cwd: '/', env: {}, signal: AbortSignal.timeout(PROBE_MS) });
    await remove();
    return exitCode === 0;
  } catch {
    return false;
  }
}

async function limitsBySystem({ path, variables, isRoot }: LimitSurroundings): Promise<CommandLimits> {
  const env: Record<string, string> = { PATH: path };
  for (const name of ['XDG_RUNTIME_DIR', 'DBUS_SESSION_BUS_ADDRESS']) {
    const value = variables[name];
    if (value !== undefined) env[name] = value;
  }
  const prefix = [
    'systemd-run',
    ...(isRoot ? [] : ['--user']),
    '--scope',
    '--quiet',
    '--collect',
    ...PROPERTIES.flatMap((property) => ['--property', property]),
    '--',
  ];
  const none = (why: string): CommandLimits => ({ kind: 'process', prefix: [], env: {}, places: [], why });
  try {
    const [file = '', ...args] = prefix;
    const probe = { cwd: '/', env, signal: AbortSignal.timeout(PROBE_MS) };
    const { exitCode, stderr } = await runProcess(file, [...args, 'true'], probe);
    if (exitCode === 0) return { kind: 'group', prefix, env, places: [], why: '' };
    const words = stderr.replaceAll(/[\s\p{C}]+/gu, ' ').trim();
    return none(`systemd-run said: ${words.slice(0, 200).toWellFormed() || 'nothing'}`);
  } catch {
    return none('there is no systemd-run');
  }
}
