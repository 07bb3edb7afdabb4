import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createRealClock } from '../../src/platform/clock.ts';
import { findLimits } from '../../src/workspace/commands/command-limits.ts';
import { findDeviceGuard } from '../../src/workspace/commands/device-guard.ts';
import { git } from '../../src/workspace/project/git.ts';
import { createToolHost } from '../../src/tools/create-tool-host.ts';
import { runToolCall } from '../../src/tools/pipeline.ts';
import type { ToolHost } from '../../src/tools/tool-host.ts';
import { temporaryFolder } from './files/agent-desk.ts';
import { commandNeeds } from '../support/command-needs.ts';
import { hasCallFilter, hasSandbox } from '../support/sandbox.ts';

const PATH = process.env['PATH'] ?? '';
const hasPython = spawnSync('/usr/bin/python3', ['--version']).status === 0;
const isRoot = process.getuid?.() === 0;
const hasSizes = hasSandbox && spawnSync('bwrap', ['--help'], { encoding: 'utf8' }).stdout.includes('--size ');
/** Whether the machine's devices belong to this user and cannot be kept from its commands. */
const ownsDevices = isRoot && (await findDeviceGuard(PATH)).length === 0;

const PATIENCE = { timeout: 15_000 };

/** What a command says when it got somewhere that it must not get to. */
const OUT = 'ESCAPED';
const SECRET = 'sk-hostile-5150';

interface Ground {
  base: string;
  host: ToolHost;
  run: (command: string, timeout?: number) => Promise<string>;
  call: (tool: string, args: Record<string, string | number>) => Promise<string>;
}

async function ground(mode: 'sandbox' | 'host' = 'sandbox', path = PATH): Promise<Ground> {
  const base = await temporaryFolder();
  const runDir = join(base, 'runs', 'run');
  await mkdir(join(base, 'private'), { recursive: true });
  await mkdir(runDir, { recursive: true });
  await writeFile(join(base, 'private', 'token'), SECRET);
  await writeFile(join(base, '.env'), `OPENAI_API_KEY=${SECRET}`);
  const host = await createToolHost({
    needs: commandNeeds({ mode }),
    alias: 'agent1',
    runDir,
    cwd: base,
    path,
    clock: createRealClock(),
    version: '0',
    permissions: {
      needs: { rules: [], role: 'read-write', unattended: 'allow-all', otherwise: 'allow' },
      ownRules: () => Promise.resolve([]),
      home: base,
    },
    extraTools: [],
  });
  onTestFinished(() => host.dispose());
  const call: Ground['call'] = async (name, args) => {
    const tool = host.tools().find(({ spec }) => spec.name === name);
    if (!tool) throw new Error(`no ${name}: ${host.problems.join(' ')}`);
    const { output } = await runToolCall(tool, args, host.rules, { signal: AbortSignal.timeout(30_000) });
    return output;
  };
  return { base, host, call, run: (command, timeout = 20) => call('run_command', { command, timeout }) };
}

/** Processes of this machine that have the text in their command line. */
async function processesWith(text: string): Promise<number> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(names.map((name) => readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter((line) => line.includes(text)).length;
}

const python = (code: string): string => `python3 -c ${JSON.stringify(code).replaceAll('\\n', '\n')}`;

/** Each says ESCAPED if it gets through. Nothing is changed by what does: rights stay, and files are opened, not written. */
const ATTACKS: Record<string, string> = {
  'settings of the kernel': `for each in $(find /proc/sys/kernel /proc/sys/vm /proc/sys/fs -type f 2>/dev/null); do (: >> $each) 2>/dev/null && echo "${OUT} $each"; done`,
  'the program that the kernel calls for a crash': `(: >> /proc/sys/kernel/core_pattern) && echo ${OUT}`,
  'other switches of the kernel': `for each in $(find /proc -maxdepth 1 -type f); do (: >> $each) && echo "${OUT} $each"; done`,
  'the rights of devices': `for each in null zero full random urandom tty; do chmod 666 /dev/$each && echo ${OUT}; done`,
  'devices of its own': `mknod x b 8 0 && echo ${OUT}`,
  disks: `ls /dev | grep -E '^(sd|vd|nvme|mem|kmem)' && echo ${OUT}`,
  'the settings of hardware': `ls /sys && echo ${OUT}`,
  'rights by a file that lends them': `cp /bin/sh s && chmod u+s s && ./s -pc 'mount -t tmpfs x /mnt' && echo ${OUT}`,
  'rights in a name space of its own': `unshare -Urm sh -c 'mount -o remount,rw /usr || umount -l /proc || mount -t tmpfs x /mnt' && echo ${OUT}`,
  'another root': `chroot /proc/1/root ls && echo ${OUT}`,
  'a terminal': `(exec < /dev/tty) && echo ${OUT}`,
  'the environment of the program': `grep -a ${SECRET} /proc/*/environ && echo ${OUT}`,
  'processes of the machine': `[ $(ls -d /proc/[0-9]* | wc -l) -gt 12 ] && echo ${OUT}`,
  'files of the user': `cat BASE/private/token && echo ${OUT}`,
  'files of the user, through a link': `ln -s BASE/private/token k; cat k && echo ${OUT}`,
  'files of the user, through its own file handle': `cat /proc/self/cwd/../../../../private/token && echo ${OUT}`,
  'the file with keys': `cat BASE/.env && echo ${OUT}`,
  'the log of the run': `ls BASE/runs/run/run.jsonl && echo ${OUT}`,
  passwords: `cat /etc/shadow || cat /proc/1/root/etc/shadow && echo ${OUT}`,
  'sockets of the system': `ls /run/docker.sock /var/run/docker.sock /run/dbus /run/systemd && echo ${OUT}`,
  'programs of the system': `touch /usr/bin/x && echo ${OUT}`,
  'a library for all programs': `(echo x > /etc/ld.so.preload) && echo ${OUT}`,
  'a link that is exchanged while it is used': `mkdir a; (while :; do ln -sfn BASE/private b; ln -sfn a b; done) & for i in 1 2 3 4 5 6 7 8 9; do cat b/token && echo ${OUT}; done; kill $!`,
};
const PYTHON_ATTACKS: Record<string, string> = {
  'this machine, by its number': python(`
import socket
socket.create_connection(('127.0.0.1', PORT), 2); print('${OUT}')`),
  'the network, by number': python(`
import socket
for address in (('1.1.1.1', 80), ('169.254.169.254', 80)):
  try: socket.create_connection(address, 2); print('${OUT}')
  except OSError: pass`),
  'a socket without a file': python(`
import socket
socket.socket(socket.AF_UNIX).connect('\\x00NAME'); print('${OUT}')`),
  'the machine that this one runs in': python(`
import socket
socket.socket(40, socket.SOCK_STREAM); print('${OUT}')`),
  'ciphers, telephones and other sockets of the kernel': python(`
import socket
for family in range(3, 46):
  try:
    if family not in (10, 16): socket.socket(family, socket.SOCK_SEQPACKET); print('${OUT}', family)
  except OSError as fault:
    if fault.errno != 97: print('${OUT}', family, fault)`),
  'keys in the kernel, and ways around what keeps it from them': python(`
import ctypes, platform
calls = (250, 249, 425, 321, 298, 323) if platform.machine() == 'x86_64' else (219, 218, 425, 280, 241, 282)
kernel = ctypes.CDLL(None, use_errno=True)
for call in calls:
  if kernel.syscall(call, 0, 0, 0, 0, 0) != -1 or ctypes.get_errno() != 1: print('${OUT}', call)`),
  'typing into a terminal that it has made': python(`
import fcntl, pty, termios
fcntl.ioctl(pty.openpty()[1], termios.TIOCSTI, b'x'); print('${OUT}')`),
  'raw packets': python(`
import socket
socket.socket(socket.AF_PACKET, socket.SOCK_RAW); print('${OUT}')`),
  'typing into a terminal': python(`
import fcntl, termios
for name in ('/dev/tty', '/dev/console', '/proc/self/fd/0'):
  try: fcntl.ioctl(open(name), termios.TIOCSTI, b'x'); print('${OUT}')
  except OSError: pass`),
  'memory of another process': python(`
open('/proc/1/mem', 'rb+').read(1); print('${OUT}')`),
};

/** Attacks that this machine lets nobody keep off, and why. */
const UNANSWERED: Record<string, string | false> = {
  'the rights of devices': ownsDevices && 'root, who may not mount here, owns the devices',
  ...Object.fromEntries(
    [
      'the machine that this one runs in',
      'ciphers, telephones and other sockets of the kernel',
      'keys in the kernel, and ways around what keeps it from them',
      'typing into a terminal that it has made',
    ].map((attack) => [attack, !hasCallFilter && 'system calls cannot be filtered here']),
  ),
};

describe.runIf(hasSandbox)('the sandbox keeps a hostile command from', () => {
  let port = 0;
  const name = `massgen-hostile-${process.pid}`;
  beforeAll(async () => {
    const servers = [createServer(), createServer()] as const;
    await Promise.all([
      new Promise<void>((resolve) => servers[0].listen(0, '127.0.0.1', resolve)),
      new Promise<void>((resolve) => servers[1].listen(`\0${name}`, resolve)),
    ]);
    const address = servers[0].address();
    port = typeof address === 'object' && address ? address.port : 0;
    return () => servers.forEach((server) => server.close());
  });

  test.for(Object.entries({ ...ATTACKS, ...(hasPython && PYTHON_ATTACKS) }))(
    '%s',
    async ([title, attack], { skip }) => {
      const reason = UNANSWERED[title];
      if (reason) skip(reason);
      process.env['HOSTILE_API_KEY'] = SECRET;
      onTestFinished(() => void delete process.env['HOSTILE_API_KEY']);
      const { run, base } = await ground();
      const command = attack.replaceAll('BASE', base).replaceAll('PORT', String(port)).replaceAll('NAME', name);
      const output = await run(`exec 2>/dev/null\n${command}\necho over`);
      expect(output).toMatch(/over$/);
      expect(output).not.toContain(OUT);
      expect(output).not.toContain(SECRET);
    },
  );
});

test.runIf(hasSandbox)('what an attack reports would be seen', async () => {
  const { run } = await ground();
  expect(await run(`exec 2>/dev/null\n(: >> own) && echo ${OUT}; chmod 600 own && echo ${OUT}`)).toMatch(
    new RegExp(`${OUT}\n${OUT}$`),
  );
});

test.runIf(hasSandbox)('no program of an agent’s takes the place of the sandbox, whatever PATH says', async () => {
  const { base, call, run } = await ground('sandbox', `.:./bin::${PATH}`);
  const taken = join(base, 'taken');
  const content = `#!/bin/sh\ntouch ${taken}\n`;
  for (const path of ['bwrap', 'unshare', 'systemd-run', 'bin/bwrap']) await call('write_file', { path, content });
  await run('chmod +x bwrap unshare systemd-run bin/bwrap');
  expect(await run('echo works')).toBe('Exit code 0.\nOutput:\nworks');
  await expect(access(taken)).rejects.toThrow('ENOENT');
});

test('no program of an agent’s takes the place of git, whatever PATH says', async () => {
  const copy = await temporaryFolder();
  const taken = join(copy, 'taken');
  await writeFile(join(copy, 'git'), `#!/bin/sh\ntouch ${taken}\n`, { mode: 0o755 });
  expect(await git(['--version'], { cwd: copy, path: `.::${PATH}` })).toMatch(/^git version/);
  await expect(access(taken)).rejects.toThrow('ENOENT');
});

test.runIf(hasSandbox && hasPython)('a command that multiplies comes to an end of it', async ({ skip }) => {
  const limits = await findLimits({ path: PATH, variables: process.env, isRoot });
  if (isRoot && limits.kind !== 'group') skip('processes of root are counted in groups only');
  const { run } = await ground();
  const code =
    'import os,time\nn=0\ntry:\n  for i in range(1500):\n    if os.fork()==0: time.sleep(9); os._exit(0)\n    n+=1\nexcept OSError: pass\nprint(n)';
  const output = await run(python(code));
  expect(Number(/Output:\n(\d+)/.exec(output)?.[1])).toBeLessThan(513);
  expect(await run('echo works')).toContain('works');
});

test.runIf(hasSizes)('what lies in memory has a limit (needs a bubblewrap that knows sizes)', async () => {
  const { run } = await ground();
  const sizes = await run(`df -k /tmp /dev/shm | awk 'NR>1 {print $2}'`);
  expect(sizes).toBe('Exit code 0.\nOutput:\n2097152\n1048576');
});

test.runIf(hasSandbox && hasPython)('a command that takes too much memory fails, and the next one works', async () => {
  const { run } = await ground();
  expect(await run(python('b = bytearray(5 * 1024 ** 3)'))).toContain('MemoryError');
  expect(await run('echo works')).toContain('works');
});

test.runIf(process.platform === 'linux').for(['sandbox', 'host'] as const)(
  'in the %s nothing outlives its command, not even in a session of its own',
  async (mode, { skip }) => {
    if (mode === 'sandbox' && !hasSandbox) skip('there is no sandbox here');
    const { run, call, host } = await ground(mode);
    const mark = `91${process.pid}`;
    const leaving = `setsid sh -c 'setsid sleep ${mark} & exec sleep ${mark}' & sleep 0.2`;
    expect(await run(`${leaving}; echo done`)).toBe('Exit code 0.\nOutput:\ndone');
    expect(await run(`${leaving}; sleep ${mark}`, 1)).toMatch(/^It was stopped after 1 seconds/);
    await call('start_command', { command: `${leaving}; sleep ${mark}` });
    await expect.poll(() => processesWith(mark), PATIENCE).toBeGreaterThan(2);
    await host.dispose();
    await expect.poll(() => processesWith(mark), PATIENCE).toBe(0);
  },
);
