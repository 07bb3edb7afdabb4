import { access, mkdir, readdir, readFile, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { randomHex } from '../../platform/entropy.ts';
import { isProcessAlive } from '../../platform/process-alive.ts';

/** A folder of the kernel's below which groups of processes are made, and what is written into each of them. */
export interface GroupPlace {
  folder: string;
  limits: Readonly<Record<string, string>>;
}

/** One group, for one command and all that it starts. */
export interface ProcessGroup {
  /** Goes before the program, which runs in the group or not at all. */
  prefix: readonly string[];
  /** For when all of its processes have ended. Never rejects. */
  remove: () => Promise<void>;
}

const MAX_BYTES = String(8 * 1024 ** 3);
const MAX_PROCESSES = '512';
/** Groups of this program's whose last processes had not quite ended when they were to be removed. */
const over = new Set<string>();
const NAME = /^massgen-(\d+)-[0-9a-f]+$/;

/**
 * Where this program may make groups (control groups of either version, beside or below its own); empty where it may not.
 * `own` is what the kernel says of its own groups. Groups of programs that have ended are removed. Never rejects.
 */
export async function findGroupPlaces(root: string, own: string): Promise<GroupPlace[]> {
  const lines = own.split('\n').map((line) => line.split(':'));
  const at = (controller: string): string | null => {
    const line = lines.find(([, controllers]) => controllers?.split(',').includes(controller));
    return line ? join(root, line[1] ?? '', line.slice(2).join(':')) : null;
  };
  const [memory, processes] = [at('memory'), at('pids')];
  const unified = lines.find(([number, controllers]) => number === '0' && controllers === '');
  const places: GroupPlace[] = [];
  if (memory !== null && processes !== null) {
    places.push({ folder: memory, limits: { 'memory.limit_in_bytes': MAX_BYTES } });
    places.push({ folder: processes, limits: { 'pids.max': MAX_PROCESSES } });
  } else if (unified) {
    const folder = join(root, unified.slice(2).join(':'));
    const passed = await readFile(join(folder, 'cgroup.subtree_control'), 'utf8').catch(() => '');
    const hasBoth = ['memory', 'pids'].every((name) => passed.split(/\s+/).includes(name));
    const limits = { 'memory.max': MAX_BYTES, 'memory.swap.max': '0', 'pids.max': MAX_PROCESSES };
    if (hasBoth) places.push({ folder, limits });
  }
  // An ordinary folder in its place would take all that is written into it, and limit nothing.
  if (!(await Promise.all(places.map(({ folder }) => isGroup(folder)))).every(Boolean)) return [];
  await Promise.all(places.map(({ folder }) => removeLeft(folder)));
  return places;
}

function isGroup(folder: string): Promise<boolean> {
  return access(join(folder, 'cgroup.procs')).then(
    () => true,
    () => false,
  );
}

/** Makes nothing by itself where there are no places. Rejects when the kernel refuses a group. */
export async function openGroup(places: readonly GroupPlace[]): Promise<ProcessGroup> {
  const name = `massgen-${process.pid}-${randomHex(6)}`;
  const folders = places.map(({ folder }) => join(folder, name));
  const remove = async (): Promise<void> => {
    for (const folder of folders) over.add(folder);
    await Promise.all(
      [...over].map((folder) =>
        rmdir(folder).then(
          () => over.delete(folder),
          () => undefined,
        ),
      ),
    );
  };
  try {
    for (const folder of folders) await mkdir(folder);
  } catch (error) {
    await remove();
    throw error;
  }
  if (places.length === 0) return { prefix: [], remove };
  // Swap is not counted everywhere.
  const steps = places.flatMap(({ limits }, index) => [
    ...Object.entries(limits).map(([file, value]) => {
      const step = `echo ${value} > "$${index + 1}/${file}"`;
      return file.includes('swap') ? `{ [ ! -e "$${index + 1}/${file}" ] || ${step}; }` : step;
    }),
    `echo $$ > "$${index + 1}/cgroup.procs"`,
  ]);
  const script = `${steps.join(' && ')} && shift ${places.length} && exec "$@"`;
  return { prefix: ['/bin/sh', '-c', script, 'sh', ...folders], remove };
}

async function removeLeft(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const left = names.filter((name) => {
    const pid = Number(NAME.exec(name)?.[1] ?? process.pid);
    return pid !== process.pid && !isProcessAlive(pid);
  });
  await Promise.all(left.map((name) => rmdir(join(folder, name)).catch(() => undefined)));
}
