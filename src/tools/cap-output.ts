import type { ToolRules } from './tool-rules.ts';

/** The part of a long output that is its end; errors and totals stand there. */
const TAIL_SHARE = 0.3;

/**
 * Cuts the middle out of an output that is longer than the model is to get, keeps the whole where the agent can read
 * it, and says so. Never rejects: an output that cannot be kept is only cut.
 */
export async function capOutput(
  output: string,
  tool: string,
  { maxOutputChars, keepOutput }: Pick<ToolRules, 'maxOutputChars' | 'keepOutput'>,
): Promise<string> {
  if (output.length <= maxOutputChars) return output;
  const kept = (await keepOutput?.(output, tool).catch(() => null)) ?? null;
  const tail = Math.floor(maxOutputChars * TAIL_SHARE);
  const head = maxOutputChars - tail;
  const where = kept ?? 'The rest is not kept; ask for less.';
  return [
    output.slice(0, head).toWellFormed(),
    `[… ${output.length - maxOutputChars} of ${output.length} characters left out. ${where} …]`,
    output.slice(-tail).toWellFormed(),
  ].join('\n');
}
