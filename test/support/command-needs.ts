import type { CommandNeeds, ToolNeeds } from '../../src/config/tool-needs.ts';

/** What an agent needs that has a workspace, runs commands that way, and has nothing else. */
export function commandNeeds(commands: Pick<CommandNeeds, 'mode'> & Partial<CommandNeeds>): ToolNeeds {
  return {
    hasWorkspace: true,
    asksForReading: true,
    contextPaths: [],
    mcpServers: [],
    commands: { allowed: [], blocked: [], network: false, ...commands },
  };
}
