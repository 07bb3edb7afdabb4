import { CRITERIA, type Criterion, type Judgement } from './judge-screens.ts';
import { LEAST_CONTRAST, type ScreenFacts } from './measure-screens.ts';
import type { Recording } from './recording.ts';

/** Everything that is known of a recorded screen. */
export interface ScreenReport {
  recording: Pick<Recording, 'run' | 'folder' | 'size' | 'theme' | 'question' | 'films' | 'frames'>;
  facts: ScreenFacts;
  /** Null where nobody was asked. */
  judgement: Judgement | null;
}

/** Pairs of colours that are shown where all are good enough. */
const SHOWN_PAIRS = 3;
const SHOWN_CUTS = 8;

/** The report in Markdown, which also reads as text. Words of models and screens are in it as they were. */
export function screenReportText({ recording, facts, judgement }: ScreenReport): string {
  const { size, theme, run, frames } = recording;
  return [
    `# Screens of ${run}`,
    `${size.cols}x${size.rows}, theme ${theme}, ${frames.length} pictures.`,
    `## Measured\n\n${measured(facts).join('\n')}`,
    `## Judged\n\n${judged(judgement)}\n`,
  ].join('\n\n');
}

function measured({ firstFrameMs, screens, durationMs, contrasts, cutOff, flicker }: ScreenFacts): string[] {
  const weak = contrasts.filter(({ ratio }) => ratio < LEAST_CONTRAST);
  const shown = weak.length > 0 ? weak : contrasts.slice(0, SHOWN_PAIRS);
  const cuts = cutOff.slice(0, SHOWN_CUTS).map((text) => `"${text}"`);
  return [
    `- Time to the first frame: ${firstFrameMs === null ? 'there was none' : `${firstFrameMs} ms`}.`,
    `- Pictures painted: ${screens} in ${(durationMs / 1000).toFixed(1)} s.`,
    `- Contrast of text: ${contrasts.length} pairs of colours, ${weak.length} below ${LEAST_CONTRAST}:1.${weak.length > 0 ? '' : ' The weakest:'}`,
    ...shown.map(
      ({ fg, bg, ratio, cells, example }) =>
        `  - ${ratio.toFixed(2)}:1, ${fg} on ${bg}, ${cells} characters, e.g. "${example}"`,
    ),
    `- Text cut off on the last screen: ${cutOff.length === 0 ? 'none' : `${cutOff.length}: ${cuts.join(', ')}`}.`,
    `- Flicker: ${flicker.count === 0 ? 'none' : `${flicker.count} times text went away and came back`}${flicker.worst ? `, the worst at ${(flicker.worst.at / 1000).toFixed(1)} s with ${flicker.worst.cells} characters` : ''}.`,
  ];
}

function judged(judgement: Judgement | null): string {
  if (!judgement) return 'Nobody was asked: name a team with --judge.';
  const { verdict, answer } = judgement;
  if (!verdict) return `The judge gave no verdict that can be read. It answered:\n\n${answer}`;
  const rows = (Object.keys(CRITERIA) as Criterion[]).map(
    (name) => `| ${name} | ${verdict[name].score} of 5 | ${inCell(verdict[name].reason)} |`,
  );
  return ['| | score | why |', '| --- | --- | --- |', ...rows, '', verdict.summary].join('\n');
}

function inCell(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');
}
