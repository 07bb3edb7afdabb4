/**
 * Fleiss' kappa: agreement of several raters beyond what chance gives; 1 is full agreement, 0 is chance, below 0 is
 * less than chance. A row per subject, a column per category, each cell the number of raters who chose it.
 *
 * Null where it is not defined: no row, fewer than two raters, rows with different numbers of raters, or only one
 * category ever used (chance alone would then give full agreement).
 *
 * Source: J. L. Fleiss, "Measuring nominal scale agreement among many raters", Psychological Bulletin 76 (1971),
 * 378–382.
 */
export function fleissKappa(table: readonly (readonly number[])[]): number | null {
  const raters = sum(table[0] ?? []);
  if (raters < 2 || table.some((row) => sum(row) !== raters)) return null;

  const observed = sum(table.map((row) => sum(row.map((n) => n * (n - 1))))) / (table.length * raters * (raters - 1));
  const totals = (table[0] ?? []).map((_, category) => sum(table.map((row) => row[category] ?? 0)));
  if (totals.filter((total) => total > 0).length < 2) return null;
  const byChance = sum(totals.map((total) => (total / (table.length * raters)) ** 2));
  return (observed - byChance) / (1 - byChance);
}

/**
 * Agreement on the first choice within one vote. One vote is a single subject, for which the formula over answers as
 * categories gives -1/(raters-1) whatever was voted; so every answer is a subject here, and each voter says of it
 * `first choice` or `not`. This equals the free-marginal kappa for one subject (J. J. Randolph, "Free-marginal
 * multirater kappa", Joensuu 2005): 1 - (1 - observed) / (1 - 1/answers).
 *
 * @param firstChoices per answer, the ballots whose first choice it is
 * @returns 1 for a unanimous vote; null with fewer than two ballots or two answers
 */
export function firstChoiceKappa(firstChoices: readonly number[]): number | null {
  const ballots = sum(firstChoices);
  return fleissKappa(firstChoices.map((n) => [n, ballots - n]));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
