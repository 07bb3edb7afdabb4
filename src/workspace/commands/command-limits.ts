import { runProcess } from './run-process.ts';

/**
 * What keeps a command from taking all memory and processes. `group` counts all of its processes together (cgroup v2, by
 * systemd-run); `process` is a limit of memory for each process, and of processes for the whole user.
 */
export interface CommandLimits {
  kind: 'group' | 'process';
  /** Goes before the program. */
  prefix: readonly string[];
  /** Variables that the prefix needs; the command does not see them. */
  env: Readonly<Record<string, string>>;
  /** Why it is not `group`, in a few words; empty if it is. */
  why: string;
}

export interface LimitSurroundings {
  /** `PATH`. */
  path: string;
  variables: Readonly<Record<string, string | undefined>>;
  isRoot: boolean;
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
export async function findLimits({ path, variables, isRoot }: LimitSurroundings): Promise<CommandLimits> {
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
  const none = (why: string): CommandLimits => ({ kind: 'process', prefix: [], env: {}, why });
  try {
    const [file = '', ...args] = prefix;
    const probe = { cwd: '/', env, signal: AbortSignal.timeout(PROBE_MS) };
    const { exitCode, stderr } = await runProcess(file, [...args, 'true'], probe);
    if (exitCode === 0) return { kind: 'group', prefix, env, why: '' };
    const words = stderr.replaceAll(/[\s\p{C}]+/gu, ' ').trim();
    return none(`systemd-run said: ${words.slice(0, 200).toWellFormed() || 'nothing'}`);
  } catch {
    return none('there is no systemd-run');
  }
}
