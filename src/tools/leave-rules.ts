import { DEFAULT_PERMISSIONS } from '../config/permission-needs.ts';
import type { ToolNeeds } from '../config/tool-needs.ts';
import type { FileDesk } from './files/file-desk.ts';
import type { ToolHostOptions } from './tool-host-options.ts';
import type { ToolRules } from './tool-rules.ts';

/** Who decides over the calls of the agent. */
export async function leaveRules(
  { needs: tools, permissions }: ToolHostOptions,
  desk: FileDesk | null,
): Promise<Pick<ToolRules, 'approve' | 'approveRequest' | 'forbidRequest'>> {
  const { PermissionDesk } = await import('./permissions/permission-desk.ts');
  const { needs = DEFAULT_PERMISSIONS, ownRules = () => Promise.resolve([]), home = null } = permissions ?? {};
  const leave = new PermissionDesk({
    needs: { ...needs, rules: [...needs.rules, ...discoveryRules(tools)] },
    ownRules,
    where: { home, workspace: desk?.files.workspace ?? null },
    findPlace: async (path) => {
      const everything = { mayWriteContext: true, labels: [] };
      const location = await desk?.files.locate(path, 'read', everything).catch(() => null);
      return location && 'ok' in location ? location.ok.path : null;
    },
  });
  return {
    approve: (call, context) => leave.approve(call, context),
    approveRequest: (request, asks, signal, said) => leave.approveRequest(request, asks, signal, said),
    forbidRequest: (request) => leave.forbidRequest(request),
  };
}

/** Nothing is started that nobody has agreed to, unless the config says so. */
function discoveryRules({ discovery }: ToolNeeds): string[] {
  if (!discovery) return [];
  return [discovery === 'auto' ? 'allow use_mcp_server' : 'ask use_mcp_server'];
}
