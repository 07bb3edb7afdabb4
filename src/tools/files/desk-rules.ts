import type { Clock } from '../../platform/clock.ts';
import { plainRules, type ToolRules } from '../tool-rules.ts';
import type { Tool } from '../tool.ts';
import { accessOf, noteSeen, type FileDesk } from './file-desk.ts';
import { foreignDenial, isForeign } from './foreign-use.ts';

/** What decides over the paths of calls; `own` are the file tools. */
export function deskRules(desk: FileDesk, own: ReadonlySet<Tool>, clock: Clock): ToolRules {
  return {
    ...plainRules(clock),
    checkPath: async (path, use, turn, tool) => {
      const location = await desk.files.locate(path, use, accessOf(turn));
      if ('refused' in location) return { isAllowed: false, reason: location.refused };
      const denial = isForeign(tool) ? await foreignDenial(desk, location.ok, use, turn) : null;
      return denial === null ? { isAllowed: true } : { isAllowed: false, reason: denial };
    },
    notePath: async ({ tool, turn }, path, use) => {
      // The file tools note what they saw themselves, at the moment when they saw it.
      if (own.has(tool)) return;
      const location = await desk.files.locate(path, 'read', accessOf(turn));
      if ('ok' in location && use !== 'delete') await noteSeen(desk, location.ok);
    },
    keepOutput: async (text, tool) => {
      const paths = await desk.files.keepOutput(text, tool);
      const way = own.size > 0 ? 'with read_file or search_files' : 'there with a command';
      return `All of it is in ${paths.join(', ')}; read it ${way}.`;
    },
  };
}
