import { runProcess } from './run-process.ts';

/** The devices that bubblewrap takes over from this machine. */
const DEVICES = 'null zero full random urandom tty';
/** A device on a read-only mount can be written to all the same; its rights cannot be changed. */
const GUARD = `for each in ${DEVICES}; do mount --bind /dev/$each /dev/$each && mount -o remount,bind,ro /dev/$each || exit 1; done; exec "$@"`;
const PREFIX = ['unshare', '--mount', '/bin/sh', '-c', GUARD, 'sh'];
const PROBE_MS = 5_000;

/**
 * What goes before bubblewrap where root runs it: the machine's devices belong to root, so a command could take the rights
 * to `/dev/null` away from everybody. Empty where that cannot be prevented. Never rejects.
 */
export async function findDeviceGuard(path: string): Promise<readonly string[]> {
  const probe = { cwd: '/', env: { PATH: path }, signal: AbortSignal.timeout(PROBE_MS) };
  const [file = '', ...args] = PREFIX;
  const works = await runProcess(file, [...args, 'true'], probe).then(
    ({ exitCode }) => exitCode === 0,
    () => false,
  );
  return works ? PREFIX : [];
}
