/** Whether a way leads from one to the other, itself included. Looks at each once, however many ways there are. */
export function isReached<T>(from: T, to: T, edges: ReadonlyMap<T, readonly T[]>): boolean {
  const met = new Set([from]);
  // A set is gone through with what is added to it meanwhile.
  for (const each of met) for (const next of edges.get(each) ?? []) met.add(next);
  return met.has(to);
}
