/*
 * Calls a function of the user's for a hook, in a process of its own: `node hook.ts file MODULE FUNCTION`. Reads
 * `{event, env}` as JSON, calls the function with the event, and writes what it gives back as JSON. Uses nothing of this
 * program, since it is copied to where the process can read it.
 */
import { pathToFileURL } from 'node:url';

type Hook = (event: unknown) => unknown;

const [, path = '', name = ''] = process.argv.slice(2);
const answer = process.stdout.write.bind(process.stdout);
// What the function says besides is no answer.
process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;

try {
  const { event, env } = JSON.parse(await readInput()) as { event: unknown; env: Record<string, string> };
  Object.assign(process.env, env);
  const module = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  const said = await find(module)(event);
  answer(said === undefined || said === null ? '' : JSON.stringify(said), () => process.exit(0));
} catch (error) {
  process.stderr.write(error instanceof Error ? `${error.name}: ${error.message}\n` : `${String(error)}\n`);
  process.exitCode = 1;
}

async function readInput(): Promise<string> {
  let text = '';
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin) text += String(chunk);
  return text;
}

function find(module: Record<string, unknown>): Hook {
  const found = name === '' ? (module['hook'] ?? module['default']) : module[name];
  if (typeof found === 'function') return found as Hook;
  throw new Error(`the module exports no function called ${name === '' ? 'hook, and none by default' : name}`);
}
