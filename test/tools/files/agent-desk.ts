import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { JsonObject } from '../../../src/events/json.ts';
import { createRealClock } from '../../../src/platform/clock.ts';
import { fileTools } from '../../../src/tools/files/file-tools.ts';
import { accessOf, type FileDesk } from '../../../src/tools/files/file-desk.ts';
import { ReadBook } from '../../../src/tools/files/read-book.ts';
import { runToolCall } from '../../../src/tools/pipeline.ts';
import type { CallingTurn, ToolResult } from '../../../src/tools/tool.ts';
import { plainRules } from '../../../src/tools/tool-rules.ts';
import { AgentFiles } from '../../../src/workspace/agent-files.ts';
import type { ResolvedContext } from '../../../src/workspace/context-paths.ts';

export interface TestDesk {
  desk: FileDesk;
  /** The temporary folder around everything: `run/` is the run's, the rest is the user's. */
  base: string;
  workspace: string;
  /** Calls a file tool through the pipeline. */
  call: (name: string, args: JsonObject, turn?: CallingTurn) => Promise<ToolResult>;
  /** Puts a file into the workspace behind the agent's back. */
  put: (path: string, text: string) => Promise<void>;
}

export async function temporaryFolder(): Promise<string> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'massgen-files-')));
  onTestFinished(() => rm(base, { recursive: true, force: true }));
  return base;
}

/** The desk of agent1, with real files. */
export async function testDesk(
  options: { contexts?: (base: string) => Promise<ResolvedContext[]>; asksForReading?: boolean } = {},
): Promise<TestDesk> {
  const base = await temporaryFolder();
  const runDir = join(base, 'runs', 'run');
  await mkdir(runDir, { recursive: true });
  const contexts = (await options.contexts?.(base)) ?? [];
  const files = await AgentFiles.create({ runDir, alias: 'agent1', contexts });
  const desk: FileDesk = {
    clock: createRealClock(),
    files,
    reads: new ReadBook(),
    asksForReading: options.asksForReading ?? true,
  };
  const tools = new Map(fileTools(desk).map((tool) => [tool.spec.name, tool]));
  const rules = {
    ...plainRules(createRealClock()),
    checkPath: async (path: string, use: 'read' | 'write' | 'delete', turn: CallingTurn | undefined) => {
      const location = await files.locate(path, use, accessOf(turn));
      return 'refused' in location
        ? { isAllowed: false as const, reason: location.refused }
        : { isAllowed: true as const };
    },
  };
  return {
    desk,
    base,
    workspace: files.workspace,
    call: (name, args, turn) => {
      const tool = tools.get(name);
      if (!tool) throw new Error(`no tool ${name}`);
      return runToolCall(tool, args, rules, { signal: new AbortController().signal, ...(turn && { turn }) });
    },
    put: async (path, text) => {
      const whole = join(files.workspace, path);
      await mkdir(dirname(whole), { recursive: true });
      await writeFile(whole, text);
    },
  };
}
