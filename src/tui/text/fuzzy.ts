/** A text that begins with the word, a later word that does, the first letters of several words, any other place. */
const BEGINS = 300;
const BEGINS_WORD = 200;
const IN_PIECES = 100;
const INSIDE = 50;
/** Fewer letters stand inside the words of nearly every longer text: they count in the first one only. */
const FEWEST_INSIDE = 3;

/**
 * The items that `query` fits, the best ones first, and as they stand where they fit alike; all of them without a
 * query. Every word of the query has to stand in one of the item's texts, of which earlier ones count a little more.
 * Pure.
 */
export function bestMatches<T>(items: readonly T[], query: string, textsOf: (item: T) => readonly string[]): T[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...items];
  return items
    .flatMap((item) => {
      const texts = textsOf(item).map((text) => text.toLowerCase());
      const scores = words.map((word) => Math.max(0, ...texts.map((text, rank) => wordScore(word, text, rank))));
      return scores.includes(0) ? [] : [{ item, score: scores.reduce((sum, score) => sum + score) }];
    })
    .toSorted((a, b) => b.score - a.score)
    .map(({ item }) => item);
}

/**
 * More than 0 where the word fits; `rank` is that of the text among its item's. Letters that only stand somewhere in
 * the text in their order do not fit: nearly everything would.
 */
function wordScore(word: string, text: string, rank: number): number {
  const at = text.indexOf(word);
  if (at === 0) return BEGINS + (text.length === word.length ? 10 : 0) - rank;
  for (let i = at; i >= 0; i = text.indexOf(word, i + 1)) {
    if (isWordStart(text, i)) return BEGINS_WORD - Math.min(40, i) - rank;
  }
  const pieces = piecesOf(word, text);
  if (pieces !== null) return IN_PIECES - Math.min(40, pieces) - rank;
  if (at < 0 || (rank > 0 && word.length < FEWEST_INSIDE)) return 0;
  return INSIDE - Math.min(40, at) - rank;
}

/** Into how few pieces the word falls of which each begins a word of the text, in their order; null where it does not. */
function piecesOf(word: string, text: string): number | null {
  /** Fewest pieces for the letters so far, with the last one of them at that place. */
  let fewest: number[] = Array.from(text, () => Infinity);
  for (const [n, letter] of Array.from(word).entries()) {
    const next: number[] = [];
    /** Of all places before this one. */
    let before = n === 0 ? 0 : Infinity;
    for (let i = 0; i < text.length; i += 1) {
      const goesOn = n > 0 ? (fewest[i - 1] ?? Infinity) : Infinity;
      const begins = isWordStart(text, i) ? before + 1 : Infinity;
      next.push(text[i] === letter ? Math.min(goesOn, begins) : Infinity);
      if (n > 0) before = Math.min(before, fewest[i] ?? Infinity);
    }
    fewest = next;
  }
  const best = fewest.reduce((least, count) => Math.min(least, count), Infinity);
  return Number.isFinite(best) ? best : null;
}

/** True at the beginning, after what is no letter or digit, and where digits begin after letters. */
function isWordStart(text: string, at: number): boolean {
  const before = text[at - 1] ?? ' ';
  if (!/[\p{L}\p{N}]/u.test(before)) return true;
  return /\d/.test(text[at] ?? '') && !/\d/.test(before);
}
