/** What a container is made from. */
export interface ContainerPlan {
  image: string;
  /** `1000:1000`; null is the image's own. */
  user: string | null;
  memoryBytes: number;
  cpus: number | null;
  network: 'none' | 'bridge' | 'host';
  hasSudo: boolean;
  mounts: readonly Mount[];
  /** In memory, and gone with the container: folders for the user alone. */
  scratch: readonly string[];
  labels: Readonly<Record<string, string>>;
}

export type Mount =
  | { kind: 'folder'; path: string; to: string; isWritable: boolean }
  /** Nothing of what is there is seen. */
  | { kind: 'hidden'; to: string };

const MAX_PROCESSES = 512;

/** Waits for commands, and buries the processes that they leave behind. */
const IDLE = 'trap "exit 0" TERM INT; while :; do sleep 3600 & wait $!; done';

/** What `sudo` and package managers cannot do without. */
const SUDO_RIGHTS = ['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID'];

/**
 * The request that makes a container: no rights of the system, no new ones by any program, a limit of memory (swap
 * included) and processes, no network unless it is asked for, no core dumps. It does nothing by itself.
 */
export function createBody(plan: ContainerPlan): object {
  const { hasSudo, user } = plan;
  return {
    Image: plan.image,
    Entrypoint: ['/bin/sh', '-c', IDLE],
    Cmd: [],
    ...(user !== null && { User: user }),
    WorkingDir: '/',
    Tty: false,
    OpenStdin: false,
    Labels: plan.labels,
    HostConfig: {
      Memory: plan.memoryBytes,
      MemorySwap: plan.memoryBytes,
      ...(plan.cpus !== null && { NanoCpus: Math.round(plan.cpus * 1e9) }),
      PidsLimit: MAX_PROCESSES,
      NetworkMode: plan.network,
      Privileged: false,
      CapDrop: ['ALL'],
      CapAdd: hasSudo ? SUDO_RIGHTS : [],
      SecurityOpt: hasSudo ? [] : ['no-new-privileges:true'],
      IpcMode: 'private',
      Ulimits: [{ Name: 'core', Soft: 0, Hard: 0 }],
      Tmpfs: Object.fromEntries(plan.scratch.map((folder) => [folder, scratchOptions(user)])),
      Mounts: plan.mounts.map(mountBody),
    },
  };
}

function scratchOptions(user: string | null): string {
  const [uid, gid] = user?.split(':') ?? [];
  const owner = uid === undefined ? ['mode=1777'] : [`uid=${uid}`, `gid=${gid ?? uid}`, 'mode=0700'];
  return ['rw', 'exec', 'nosuid', 'nodev', 'size=1073741824', ...owner].join(',');
}

function mountBody(mount: Mount): object {
  if (mount.kind === 'hidden') {
    return { Type: 'tmpfs', Target: mount.to, TmpfsOptions: { SizeBytes: 1024 * 1024, Mode: 0o755 } };
  }
  return { Type: 'bind', Source: mount.path, Target: mount.to, ReadOnly: !mount.isWritable };
}
