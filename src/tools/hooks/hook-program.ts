import { realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { HookNeed } from '../../config/hook-needs.ts';
import { isJsonObject, type JsonObject } from '../../events/json.ts';
import type { Clock } from '../../platform/clock.ts';
import { messageOf } from '../../platform/errors.ts';
import type { Access } from '../../workspace/agent-files.ts';
import type { CommandResult, CommandRunner } from '../../workspace/commands/command-runner.ts';
import { runProcess } from '../../workspace/commands/run-process.ts';
import type { BridgeScript } from '../bridge-script.ts';
import { findModule, neighbours } from '../custom/find-module.ts';
import { quoted } from '../permissions/call-use.ts';
import { cleanText, sentence } from './hook-word.ts';

/** Where hooks run. */
export interface HookPlace {
  clock: Clock;
  /** Where massgen was started. */
  cwd: string;
  /** What hooks on the user's machine get of the user's environment; it holds no secret. */
  env: Record<string, string>;
  /** Puts a script that calls functions where processes can read it; resolves with its path. */
  placeScript: (script: BridgeScript) => Promise<string>;
  /** Where the agent's commands run, with these places to read as well, and its folder. */
  agentPlace: (readable: readonly string[]) => Promise<{ runner: CommandRunner; folder: string }>;
}

/** What came of running a hook: its JSON; a denial by its exit code; or why it failed. */
export type Heard =
  | { type: 'said'; word: JsonObject }
  | { type: 'refused'; reason: string }
  | { type: 'failed'; reason: string };

/** The exit code that means "no", with the reason on the error output. */
const REFUSING = 2;
const MAX_LAST_WORDS = 500;
const WHOLE = { mayWriteContext: false, labels: [] };

/**
 * Runs a hook once, in a process of its own, which gets `event` as JSON on its input. It is stopped with all that it has
 * started at its time limit and by the signal. Never rejects.
 */
export async function runHook(
  need: HookNeed,
  event: JsonObject,
  place: HookPlace,
  { signal, access = WHOLE }: { signal: AbortSignal; access?: Access },
): Promise<Heard> {
  const late = new AbortController();
  const cancelTimer = place.clock.after(need.timeoutMs, () => late.abort(new Error('late')));
  const stop = AbortSignal.any([signal, late.signal]);
  try {
    const program = await programOf(need, place);
    if (typeof program === 'string') return failed(program);
    const input = `${JSON.stringify(program.isBridge ? { event, env: need.env } : event)}\n`;
    const result =
      need.where === 'agent'
        ? await runBesideAgent(program, input, place, stop, access)
        : await runOnHost(program, input, need, place, stop);
    if (late.signal.aborted) return failed(`it did not end within ${need.timeoutMs / 1_000} seconds.`);
    return signal.aborted ? failed('it was interrupted.') : heard(result);
  } catch (error) {
    if (late.signal.aborted) return failed(`it did not end within ${need.timeoutMs / 1_000} seconds.`);
    if (signal.aborted) return failed('it was interrupted.');
    return failed(`it could not be started: ${messageOf(error)}`);
  } finally {
    cancelTimer();
  }
}

interface Program {
  words: string[];
  /** Places that it has to read where the agent's commands run. */
  readable: string[];
  isBridge: boolean;
}

async function programOf({ program, where }: HookNeed, { cwd, placeScript }: HookPlace): Promise<Program | string> {
  switch (program.type) {
    case 'command': {
      const { command } = program;
      const words = typeof command === 'string' ? ['/bin/sh', '-c', command] : command;
      return { words, readable: [], isBridge: false };
    }
    case 'module': {
      const found = await findModule(program.path, cwd);
      if (typeof found === 'string') return `${found}.`;
      const isPython = found.language === 'python';
      const script = await placeScript(isPython ? PYTHON : JAVASCRIPT);
      const words = [isPython ? 'python3' : process.execPath, script, 'file', found.file, program.function ?? ''];
      return { words: [...words, ...found.packages], readable: [dirname(script), ...found.readable], isBridge: true };
    }
    case 'handler': {
      const [script, root] = await Promise.all([placeScript(PYTHON), realpath(resolve(cwd))]);
      const readable = where === 'agent' ? [dirname(script), ...(await neighbours(root))] : [];
      return { words: ['python3', script, 'import', program.handler, '', root], readable, isBridge: true };
    }
  }
}

function runOnHost(
  { words }: Program,
  input: string,
  { env }: HookNeed,
  { cwd, env: base }: HookPlace,
  signal: AbortSignal,
): Promise<CommandResult> {
  const [file = '', ...args] = words;
  return runProcess(file, args, { cwd, env: { ...base, ...env }, signal, input, isMarked: true });
}

async function runBesideAgent(
  { words, readable }: Program,
  input: string,
  { agentPlace }: HookPlace,
  signal: AbortSignal,
  access: Access,
): Promise<CommandResult> {
  const { runner, folder } = await agentPlace(readable);
  return runner.run({ command: `exec ${words.map(quoted).join(' ')}`, folder, access, signal, input });
}

function heard({ exitCode, stdout, stderr }: CommandResult): Heard {
  if (exitCode === REFUSING) return { type: 'refused', reason: cleanText(stderr.trim(), MAX_LAST_WORDS * 4) };
  if (exitCode !== 0) {
    const words = cleanText(stderr.trim().slice(-MAX_LAST_WORDS), MAX_LAST_WORDS);
    const how = exitCode === null ? 'it was killed' : `it ended with exit code ${exitCode}`;
    return failed(words === '' ? `${how}.` : `${how}: ${words}`);
  }
  const text = stdout.trim();
  if (text === '') return { type: 'said', word: {} };
  try {
    const word: unknown = JSON.parse(text);
    if (isJsonObject(word)) return { type: 'said', word };
  } catch {
    // Told below.
  }
  return failed(`what it wrote is no JSON object: ${cleanText(text, 200)}`);
}

function failed(reason: string): Heard {
  return { type: 'failed', reason: sentence(/[.!?…]$/.test(reason) ? reason : `${reason}.`) };
}

const JAVASCRIPT: BridgeScript = {
  source: new URL('./scripts/hook.ts', import.meta.url),
  shipped: new URL('../../../dist/scripts/hook.js', import.meta.url),
};
const PYTHON: BridgeScript = {
  source: new URL('./scripts/hook.py', import.meta.url),
  shipped: new URL('../../../dist/scripts/hook.py', import.meta.url),
};
