import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { callFilter } from '../../src/workspace/commands/system-calls.ts';

const NEEDED =
  '--unshare-user --unshare-ipc --unshare-pid --unshare-net --unshare-uts --ro-bind / / --proc /proc --dev /dev --tmpfs /tmp';

/** Whether bubblewrap is here, and the system lets it do what the sandbox of commands needs; containers may not. */
export const hasSandbox = spawnSync('bwrap', [...NEEDED.split(' '), 'true']).status === 0;

/** Whether system calls can be filtered here: by the kernel, and on a machine that the filter is made for. */
export const hasCallFilter = callFilter(process.arch) !== null && existsSync('/proc/sys/kernel/seccomp');
