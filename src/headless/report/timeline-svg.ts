import type { RunReport } from '../../sessions/run-report.ts';
import { seconds } from '../figures.ts';
import { escapeHtml } from '../escape-html.ts';

const WIDTH = 1000;
const LANE = 34;
const LEFT = 150;
const RIGHT = 20;

/** A picture of a run: a lane per agent with its turns, answers and votes. The texts in it are escaped. */
export function timelineSvg(run: RunReport): string {
  const total = Math.max(1, run.statistics.durationMs);
  const x = (ms: number): string => (LEFT + (Math.min(ms, total) / total) * (WIDTH - LEFT - RIGHT)).toFixed(1);
  const lanes = new Map(run.agents.map((agent, index) => [agent.id, index * LANE + 8]));
  const height = run.agents.length * LANE + 30;
  const parts: string[] = [];
  for (const [id, y] of lanes) {
    parts.push(`<text x="0" y="${y + 16}" class="name">${escapeHtml(shorten(id))}</text>`);
    parts.push(`<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y + 11}" y2="${y + 11}" class="lane"/>`);
  }
  for (const { id, kind, startMs, endMs, outcome } of run.turns) {
    const end = endMs ?? total;
    const width = Math.max(2, Number(x(end)) - Number(x(startMs))).toFixed(1);
    const title = `${id}: ${kind}, ${seconds(startMs)} to ${seconds(end)}, ${outcome ?? 'cut off'}`;
    const isLost = outcome === null || outcome === 'aborted' || outcome === 'failed';
    parts.push(
      `<rect x="${x(startMs)}" y="${lanes.get(id) ?? 0}" width="${width}" height="22" rx="3" class="turn ${kind}${isLost ? ' lost' : ''}">${tip(title)}</rect>`,
    );
  }
  for (const { atMs, by, text } of run.deeds) {
    const at = x(atMs);
    parts.push(
      `<line x1="${at}" x2="${at}" y1="2" y2="${height - 20}" class="deed">${tip(`${by} ${text}, after ${seconds(atMs)}`)}</line>`,
    );
  }
  for (const { id, label, atMs, isWinner } of run.answers) {
    const title = `${label} of ${id}, after ${seconds(atMs)}${isWinner ? ', winner' : ''}`;
    const y = (lanes.get(id) ?? 0) + 11;
    parts.push(
      `<circle cx="${x(atMs)}" cy="${y}" r="${isWinner ? 8 : 6}" class="answer${isWinner ? ' winner' : ''}">${tip(title)}</circle>`,
    );
  }
  for (const { voterId, choice, atMs, voidedBy, reason } of run.ballots) {
    // The user's own vote belongs to no lane; it stands in the table.
    if (!lanes.has(voterId)) continue;
    const cx = Number(x(atMs));
    const cy = (lanes.get(voterId) ?? 0) + 11;
    const title = `${voterId} votes for ${choice}${voidedBy === null ? '' : ` (void since ${voidedBy})`}: ${reason}`;
    const points = `${cx - 6},${cy} ${cx},${cy - 6} ${cx + 6},${cy} ${cx},${cy + 6}`;
    parts.push(`<polygon points="${points}" class="vote${voidedBy === null ? '' : ' void'}">${tip(title)}</polygon>`);
  }
  parts.push(`<text x="${LEFT}" y="${height - 4}" class="time">0 s</text>`);
  parts.push(`<text x="${WIDTH - RIGHT}" y="${height - 4}" class="time" text-anchor="end">${seconds(total)}</text>`);
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Timeline of the run">\n${parts.join('\n')}\n</svg>`;
}

function tip(text: string): string {
  return `<title>${escapeHtml(text)}</title>`;
}

function shorten(id: string): string {
  return id.length > 18 ? `${id.slice(0, 17).toWellFormed()}…` : id;
}
