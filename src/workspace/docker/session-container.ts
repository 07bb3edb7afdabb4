import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import type { Container, ListedContainer } from 'dockerode';
import type { ContainerPlan } from './container-plan.ts';
import type { Engine } from './engine.ts';

/** An agent of a session, and the folder in which its container keeps what it needs of this machine. */
export interface KeptPlace {
  session: string;
  agent: string;
  /** Absolute; goes with the session. */
  folder: string;
}

/** What a container that stays was made from, beside what it is made from now: only what is the same may be used again. */
export interface Makings {
  plan: Omit<ContainerPlan, 'labels'>;
  /** Of the image's content, since a name may stand for another one by now. */
  imageId: string;
  /** The credentials and variables that the config gives to it, by name. */
  knowledge: unknown;
}

/** Containers that a run of this process has used: nothing of an earlier process can go on in them. */
const usedHere = new Set<string>();

const PARTS = ['image', 'limits', 'network', 'mounts', 'credentials'] as const;

/** A part each, so that it can be told what has changed: `image=0123456789ab limits=…`. */
export function digestOf({ plan, imageId, knowledge }: Makings): string {
  const { image, user, memoryBytes, cpus, network, hasSudo, mounts, scratch } = plan;
  const parts: Record<(typeof PARTS)[number], unknown> = {
    image: [image, imageId],
    limits: [user, memoryBytes, cpus, hasSudo],
    network,
    mounts: [mounts, scratch],
    credentials: knowledge,
  };
  const short = (part: unknown): string => createHash('sha256').update(JSON.stringify(part)).digest('hex').slice(0, 12);
  return PARTS.map((name) => `${name}=${short(parts[name])}`).join(' ');
}

/** How a container that stays is found again; `writes` tells the one of whoever presents from the other. */
export function keptLabels(place: KeptPlace, writes: boolean): Record<string, string> {
  return {
    'massgen.session': place.session,
    'massgen.agent': place.agent,
    'massgen.kept': place.folder,
    'massgen.writes': writes ? 'yes' : 'no',
    'massgen.host': hostname(),
  };
}

/**
 * The container with these labels and this digest, running. Others with the labels are removed; `onReplaced` is told, in a
 * sentence, what is different about them. Null where there is none. Rejects when the engine does not say. Commands that a
 * process before this one has left running in it have ended.
 */
export async function findKept(
  engine: Engine,
  labels: Readonly<Record<string, string>>,
  digest: string,
  onReplaced: (why: string) => void,
): Promise<Container | null> {
  const wanted = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  const there = await engine.listContainers({ all: true, filters: { label: wanted } });
  const same = there.find(({ Labels: has }) => has['massgen.digest'] === digest);
  for (const other of there) {
    if (other === same) continue;
    await removeContainer(engine, other);
    if (!same) onReplaced(differenceOf(other.Labels['massgen.digest'] ?? '', digest));
  }
  if (!same) return null;
  const container = engine.getContainer(same.Id);
  try {
    if (same.State !== 'running' || !usedHere.has(same.Id)) await container.restart({ t: 0 });
  } catch {
    await removeContainer(engine, same);
    onReplaced('since it could not be started again');
    return null;
  }
  usedHere.add(same.Id);
  return container;
}

/** Remembers that a run of this process has made it. */
export function noteMade({ id }: Container): void {
  usedHere.add(id);
}

/** Removes all that stay for these folders of agents, or for those in them. Resolves with their number; never rejects. */
export async function removeKept(engine: Engine, isOf: (folder: string) => boolean): Promise<number> {
  const all = await engine
    .listContainers({ all: true, filters: { label: [`massgen.host=${hostname()}`, 'massgen.kept'] } })
    .catch((): ListedContainer[] => []);
  const found = all.filter(({ Labels: labels }) => isOf(labels['massgen.kept'] ?? ''));
  await Promise.all(found.map((each) => removeContainer(engine, each)));
  return found.length;
}

function differenceOf(before: string, now: string): string {
  const old = new Set(before.split(' '));
  const changed = PARTS.filter((_, index) => !old.has(now.split(' ')[index] ?? ''));
  const words =
    changed.length > 1 ? `${changed.slice(0, -1).join(', ')} and ${changed.at(-1) ?? ''}` : changed.join('');
  return `since its ${words} ${changed.length > 1 || words.endsWith('s') ? 'are' : 'is'} not what it was made with`;
}

async function removeContainer(engine: Engine, { Id: id }: ListedContainer): Promise<void> {
  await engine
    .getContainer(id)
    .remove({ force: true, v: true })
    .catch(() => undefined);
}
