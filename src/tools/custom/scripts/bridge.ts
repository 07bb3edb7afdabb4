/*
 * Runs a tool of the user's, a JavaScript or TypeScript module, in a process of its own: `node bridge.ts SOCKET TOKEN`.
 * Gets one request over the socket, and answers with progress and one result. Uses nothing of this program, since it is
 * copied to where the process can read it.
 */
import { once } from 'node:events';
import * as nodeModule from 'node:module';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

interface Request {
  mode: 'describe' | 'call';
  module: string;
  /** Null describes everything that is a tool. */
  functions: string[] | null;
  function: string;
  args: Record<string, unknown>;
  context: Record<string, unknown>;
  env: Record<string, string>;
}

const [path = '', token = ''] = process.argv.slice(2);
const socket = connect(path);
const send = (message: object): void => void socket.write(`${JSON.stringify(message)}\n`);

await once(socket, 'connect');
send({ token });
const lines = createInterface({ input: socket });
const [line] = (await once(lines, 'line')) as [string];
const request = JSON.parse(line) as Request;
Object.assign(process.env, request.env);
findHelper();

try {
  const module = (await import(pathToFileURL(request.module).href)) as Record<string, unknown>;
  send(request.mode === 'describe' ? { tools: describe(module, request.functions) } : await call(module));
} catch (error) {
  send({ error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
}
socket.end(() => process.exit(0));

/** Lets a module import the typed helper where this program is not among its packages. */
function findHelper(): void {
  // Versions of Node.js without hooks need the package to be installed beside the module.
  nodeModule.registerHooks?.({
    resolve: (specifier, context, next) => {
      try {
        return next(specifier, context);
      } catch (error) {
        if (specifier !== 'massgen-tui') throw error;
        return { url: 'data:text/javascript,export const defineTool = (tool) => tool;', shortCircuit: true };
      }
    },
  });
}

type Callable = (args: unknown, context: unknown) => unknown;

interface Found {
  description: string;
  parameters: unknown;
  name: string | null;
  annotations: Record<string, unknown>;
  run: Callable;
}

function asTool(value: unknown): Found | null {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return null;
  const own = value as Record<string, unknown>;
  const run = typeof value === 'function' ? (value as Callable) : (own['run'] ?? own['execute']);
  if (typeof run !== 'function') return null;
  return {
    name: typeof value === 'object' && typeof own['name'] === 'string' ? own['name'] : null,
    description: typeof own['description'] === 'string' ? own['description'] : '',
    parameters: schemaOf(own['parameters']),
    annotations: pick(own, ['readOnly', 'destructive', 'idempotent', 'openWorld', 'pathArguments']),
    run: (args, context) => (run as Callable).call(value, args, context),
  };
}

/** A JSON Schema as it is, or a schema of a library that can say itself as one (zod, valibot, arktype …). */
function schemaOf(parameters: unknown): unknown {
  if (typeof parameters !== 'object' || parameters === null) return { type: 'object' };
  const own = parameters as Record<string, unknown>;
  const standard = own['~standard'] as
    | { jsonSchema?: { input?: (options: { target: string }) => unknown } }
    | undefined;
  const asInput = standard?.jsonSchema?.input;
  if (typeof asInput === 'function') return asInput({ target: 'draft-2020-12' });
  if (typeof own['toJSONSchema'] === 'function') return (own['toJSONSchema'] as () => unknown)();
  return parameters;
}

function pick(from: Record<string, unknown>, names: string[]): Record<string, unknown> {
  return Object.fromEntries(names.flatMap((name) => (name in from ? [[name, from[name]]] : [])));
}

function find(module: Record<string, unknown>, name: string): Found {
  const inner = module['default'];
  const value =
    module[name] ?? (typeof inner === 'object' && inner !== null ? (inner as typeof module)[name] : undefined);
  const tool = asTool(value);
  if (tool) return tool;
  throw new Error(`the module exports no tool or function called ${name}`);
}

function describe(module: Record<string, unknown>, functions: string[] | null): object[] {
  const names =
    functions ?? Object.keys(module).filter((name) => typeof module[name] === 'object' && asTool(module[name]));
  return names.map((name) => {
    const { run: _, ...told } = find(module, name);
    return { function: name, ...told };
  });
}

async function call(module: Record<string, unknown>): Promise<object> {
  const progress = (message: unknown): void => send({ progress: textOf(message) });
  let made = await find(module, request.function).run(request.args, { ...request.context, progress });
  if (isGenerator(made)) {
    let last: unknown;
    for (;;) {
      const step: IteratorResult<unknown> = await made.next();
      if (step.done === true) {
        made = step.value ?? last;
        break;
      }
      last = step.value;
      progress(last);
    }
  }
  return { result: textOf(made) };
}

function isGenerator(value: unknown): value is AsyncGenerator {
  return typeof value === 'object' && value !== null && typeof (value as { next?: unknown }).next === 'function';
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  try {
    const text = JSON.stringify(value, null, 2) as string | undefined;
    if (text !== undefined) return text;
  } catch (error) {
    throw new TypeError(`what it gave back cannot be written as JSON (${(error as Error).message})`, { cause: error });
  }
  throw new TypeError(`what it gave back (${typeof value}) cannot be written as JSON`);
}
