/**
 * The number that a candidate draws in a lot: the same for the same seed and index, and without pattern between
 * neighbouring seeds or indexes. Every candidate draws on its own, so that one more or one less in a tie changes
 * nothing between the others. The mixing steps are the finalizer of MurmurHash3 (Austin Appleby, public domain).
 *
 * @returns an unsigned 32-bit integer
 */
export function drawLot(seed: number, index: number): number {
  // Seeds wider than 32 bits keep their upper half in play.
  const high = Math.floor(seed / 2 ** 32);
  return mix(mix(mix(seed >>> 0) ^ (high >>> 0)) ^ (index + 1));
}

function mix(value: number): number {
  let h = (value + 0x9e3779b9) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
