import type { RunStore } from '../store/run-store.ts';
import { sanitizeLine } from '../text/sanitize.ts';
import { sizeText } from './files-page.ts';

/** The files that went along with the question, one text each: what they are called, their size, and who gets them. */
export function inputFileTexts(run: RunStore | null): string[] {
  const first = run?.events[0];
  const inputs = first?.type === 'run.started' ? (first.data.inputs ?? []) : [];
  return inputs.map(({ name, bytes, agents, isSearched }) => {
    const whom = agents ? `, for ${agents.join(', ')}` : '';
    return sanitizeLine(`${name}  ${sizeText(bytes)}${isSearched ? ', searched' : ''}${whom}`);
  });
}
