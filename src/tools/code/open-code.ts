import { mkdir } from 'node:fs/promises';
import type { AgentFiles } from '../../workspace/agent-files.ts';
import { LineSocket } from '../line-socket.ts';
import type { Tool } from '../tool.ts';
import { CodeDoor } from './code-door.ts';
import { CodeLibrary } from './code-library.ts';
import { codeNotes } from './code-notes.ts';

/** An agent's tools as functions for its code. */
export interface CodeTools {
  readonly door: CodeDoor;
  /** For the runner: commands have to be able to read it. */
  readonly socketFolder: string;
  /** The tools, with those marked that only code calls. */
  mark(tools: readonly Tool[]): Tool[];
  /** Writes the functions and resolves with what the agent is told of them. Rejects with the system's error. */
  prepare(): Promise<string>;
  /** Never rejects. */
  dispose(): Promise<void>;
}

export interface CodeToolsOptions {
  files: AgentFiles;
  /** Servers whose tools the model is shown all the same. */
  direct: readonly string[];
  /** See CodeDoorOptions. */
  node: string;
  /** All tools of the agent, as of now. */
  tools: () => readonly Tool[];
}

/** Rejects with the system's error when there can be no socket. */
export async function openCodeTools({ files, direct, node, tools }: CodeToolsOptions): Promise<CodeTools> {
  const isForCode = ({ origin, spec }: Tool): boolean =>
    origin ? !direct.includes(origin.server) : spec.name.startsWith('custom_tool__') && !direct.includes(spec.name);
  await mkdir(files.code, { recursive: true });
  const library = new CodeLibrary(files.code, () => tools().filter(isForCode));
  const socket = await LineSocket.open();
  return {
    door: new CodeDoor({ library, socket, node }),
    socketFolder: socket.folder,
    mark: (all) =>
      all.map((tool) => (isForCode(tool) ? { ...tool, spec: { ...tool.spec, isCodeOnly: true as const } } : tool)),
    prepare: async () => {
      await library.renew();
      return codeNotes({ folder: library.folder, groups: library.groups() });
    },
    dispose: () => socket.dispose(),
  };
}
