import type { FileChange } from '../../events/event.ts';
import type { ProposedChanges } from '../../coordination/state.ts';
import type { Model } from './model.ts';
import type { Review } from './review-state.ts';

/** Files and parts as the engine takes them. */
export interface Chosen {
  paths: string[];
  hunks: Record<string, number[]>;
}

/**
 * Whether the user may choose: `now` decides for a run that waits, `after` writes the files of one that is over; null
 * where all is decided, or only played.
 */
export function reviewStage({ run, isRunActive, playback }: Model): 'now' | 'after' | null {
  const changes = run?.state?.changes;
  if (!changes) return null;
  if (isRunActive && !playback) return changes.state === 'proposed' ? 'now' : null;
  return run.state?.end && changes.state !== 'applied' ? 'after' : null;
}

/** How many parts of a file can be chosen one by one. */
export function partCount(file: FileChange): number {
  return file.isBinary ? 1 : Math.max(1, file.hunks ?? 1);
}

/** Whether a part of a file is taken, as things stand. */
export function isPartTaken(model: Model, changes: ProposedChanges, file: FileChange, part: number): boolean {
  const { path } = file;
  if (reviewStage(model) !== null || changes.state === 'proposed')
    return !model.review.files.has(path) && model.review.parts.get(path)?.has(part) !== true;
  // A file may be called `constructor`.
  const parts = changes.hunks && Object.hasOwn(changes.hunks, path) ? changes.hunks[path] : undefined;
  return changes.accepted.includes(path) && parts?.includes(part) !== false;
}

export function takenParts(model: Model, changes: ProposedChanges, file: FileChange): number[] {
  return Array.from({ length: partCount(file) }, (_, part) => part).filter((part) =>
    isPartTaken(model, changes, file, part),
  );
}

/** What is accepted as things stand. */
export function chosenChanges(model: Model, changes: ProposedChanges): Chosen {
  const chosen: Chosen = { paths: [], hunks: {} };
  for (const file of changes.files) {
    const taken = takenParts(model, changes, file);
    if (taken.length === 0) continue;
    chosen.paths.push(file.path);
    if (taken.length < partCount(file)) chosen.hunks[file.path] = taken;
  }
  return chosen;
}

/** Takes a file out of what is accepted, or puts it back, with all of its parts. */
export function withFileToggled(review: Review, path: string): Review {
  const files = new Set(review.files);
  const parts = new Map(review.parts);
  if (!files.delete(path) && !parts.delete(path)) files.add(path);
  return { ...review, files, parts, asked: null };
}

/** The same for one part; a file without any part is left out, one with all of them is not. */
export function withPartToggled(review: Review, file: FileChange, part: number): Review {
  const count = partCount(file);
  if (count < 2) return withFileToggled(review, file.path);
  const all = Array.from({ length: count }, (_, each) => each);
  const out = new Set(review.files.has(file.path) ? all : review.parts.get(file.path));
  if (!out.delete(part)) out.add(part);
  const files = new Set(review.files);
  const parts = new Map(review.parts);
  files.delete(file.path);
  parts.delete(file.path);
  if (out.size === count) files.add(file.path);
  else if (out.size > 0) parts.set(file.path, out);
  return { ...review, files, parts, asked: null };
}
