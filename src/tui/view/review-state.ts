/** How far the user is with the files that the answer would change. */
export interface Review {
  /** Files that are left out. */
  files: ReadonlySet<string>;
  /** Of other files: the numbers of the parts that are left out, from 0. */
  parts: ReadonlyMap<string, ReadonlySet<number>>;
  /** The part of the picked file that keys are about. */
  at: number;
  /** What was asked for once; the second time it is done. */
  asked: 'write' | 'undo' | null;
}

export const NO_REVIEW: Review = { files: new Set(), parts: new Map(), at: 0, asked: null };
