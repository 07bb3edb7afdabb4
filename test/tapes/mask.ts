/** What replaces every digit and letter that no two runs share. Widths stay, so that a moved border is still seen. */
const HIDDEN = '#';

/**
 * Hides what differs from run to run, and nothing else:
 *
 * 1. the id of a run, e.g. `20261122-171501-k3f9`;
 * 2. the temporary folder that a tape plays in (its name always has the same length);
 * 3. while a run goes on, the time that has passed: the clock in row 0 and in the row `time` beside the panes. The
 *    rest of a run has virtual time, which is the same in every run, and so has this clock once the run has ended;
 * 4. the seconds that are left in `retry in 3 s`;
 * 5. the date and time of day at which something was begun, e.g. `2026-11-22 17:15` or `11-22 17:15`;
 * 6. in a tape in real time, every clock.
 */
export function maskFrame(rows: readonly string[], isRealTime = false): string[] {
  const isGoing = /\b(?:starting|drafting|judging|presenting|cancelling)\b/.test(rows[0] ?? '');
  return rows.map((row, y) => {
    let masked = row
      .replaceAll(/\b\d{8}-\d{6}-[a-z2-9]{4}\b/g, hide)
      .replaceAll(/\bmassgen-tape-[A-Za-z0-9]{6}/g, hide)
      .replaceAll(/(?<=\bretry in )\d+(?= s\b)/g, hide)
      .replaceAll(/\b(?:\d{4}-)?\d\d-\d\d \d\d:\d\d\b/g, hide);
    if (isRealTime) return masked.replaceAll(/\b(?:\d+:)?\d\d:\d\d\b/g, hide);
    if (!isGoing) return masked;
    if (y === 0) masked = masked.replaceAll(/\b(?:\d+:)?\d\d:\d\d\b/g, hide);
    return masked.replaceAll(/(?<=\btime {2,})(?:\d+:)?\d\d:\d\d\b/g, hide);
  });
}

function hide(text: string): string {
  return text.replaceAll(/[A-Za-z0-9]/g, HIDDEN);
}
