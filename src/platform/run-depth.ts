import { MassgenError } from './errors.ts';

/** How many runs a process is inside of. Whoever starts a process for an agent sets it, see `oneDeeper`. */
export const DEPTH_VARIABLE = 'MASSGEN_DEPTH';
/** A run in a run in a run; more is a team that calls itself. */
const MAX_DEPTH = 2;

type Variables = Readonly<Record<string, string | undefined>>;

/** 0 for a run that a person or a program started. Throws a MassgenError for one that is too deep, or cannot tell. */
export function requireDepth(variables: Variables): number {
  const text = variables[DEPTH_VARIABLE]?.trim() ?? '';
  const depth = text === '' ? 0 : Number(text);
  if (!Number.isSafeInteger(depth) || depth < 0)
    throw new MassgenError('too-deep', `${DEPTH_VARIABLE} must be a whole number from 0, or unset.`);
  if (depth <= MAX_DEPTH) return depth;
  throw new MassgenError(
    'too-deep',
    `An agent of a run may start another run, at most ${MAX_DEPTH} deep, and this one would be ${depth} deep ` +
      `(${DEPTH_VARIABLE}=${depth}). Answer without starting a run.`,
  );
}

/** The variables for a process that an agent of this run starts. */
export function oneDeeper(variables: Variables): Record<string, string | undefined> {
  const depth = Number(variables[DEPTH_VARIABLE]?.trim() || 0);
  // What cannot be read stays as it is, and is refused.
  return {
    ...variables,
    [DEPTH_VARIABLE]: Number.isSafeInteger(depth) ? String(depth + 1) : variables[DEPTH_VARIABLE],
  };
}
