import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Puts a package of the SDK's documented shape into a folder. Its query plays what the prompt's last line says,
 * and throws after a result that is an error, as the real one does. */
export async function writeFakeSdk(folder: string): Promise<void> {
  const root = join(folder, 'node_modules', '@anthropic-ai', 'claude-agent-sdk');
  await mkdir(root, { recursive: true });
  await writeFile(join(root, 'package.json'), '{"type": "module", "exports": {".": {"default": "./sdk.mjs"}}}');
  await writeFile(join(root, 'sdk.mjs'), SDK);
}

const SDK = `
export const seen = [];
export async function* query({ prompt, options }) {
  seen.push({ prompt, options });
  const session_id = options.resume ?? 'session-' + seen.length;
  const line = prompt.split('\\n').findLast((each) => each.startsWith('do:'));
  yield { type: 'system', subtype: 'init', session_id };
  for (const step of JSON.parse(line.slice(3))) {
    if (step.ask) {
      const decision = await options.canUseTool('Bash', { command: step.ask }, { signal: options.abortController.signal });
      yield { type: 'assistant', session_id, message: { content: [{ type: 'text', text: JSON.stringify(decision) }] } };
    } else if (step.wait) {
      await new Promise((_, reject) => options.abortController.signal.addEventListener('abort', () => reject(new Error('aborted'))));
    } else {
      yield { session_id, ...step };
      if (step.is_error) throw new Error('Claude Code returned an error result: ' + step.result);
    }
  }
}
`;
