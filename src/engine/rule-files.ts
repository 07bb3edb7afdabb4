import { join } from 'node:path';
import { DEFAULT_PERMISSIONS, type Unattended } from '../config/permission-needs.ts';
import { exactRule, type PermissionRule } from '../config/permission-rule.ts';
import type { AgentSpec } from '../config/team.ts';
import type { RunEvent } from '../events/event.ts';
import type { RunHandle } from '../events/run-handle.ts';
import { messageOf } from '../platform/errors.ts';
import { massgenHome, safeFileName } from '../platform/paths.ts';
import type { ToolHostOptions } from '../tools/tool-host-options.ts';
import { PermissionFile } from '../tools/permissions/permission-file.ts';

/** The user's own rules for one run: those of all runs, and those of its session. */
export interface RuleFiles {
  rules(): Promise<readonly PermissionRule[]>;
  /** Keeps what the user decides from now on for the session, or for always. */
  keep(handle: RunHandle): void;
}

export interface RuleFilesOptions {
  home: string;
  variables: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** The session that the run belongs to; its rules end with it. */
  session: string | undefined;
  /** Told, in a full sentence, why a rule could not be kept. */
  onProblem: (message: string) => void;
}

/** Opens `permissions.yaml` of the user and of the session. Rejects with a MassgenError when one cannot be used. */
export async function openRuleFiles(options: RuleFilesOptions): Promise<RuleFiles> {
  const { home, cwd, session, onProblem } = options;
  const named = options.variables['MASSGEN_HOME'];
  const folder = massgenHome({ home, cwd, variables: named === undefined ? {} : { MASSGEN_HOME: named } });
  const always = new PermissionFile(join(folder, 'permissions.yaml'));
  const ofSession =
    session === undefined
      ? null
      : new PermissionFile(join(folder, 'sessions', safeFileName(session), 'permissions.yaml'));
  const rules = async (): Promise<PermissionRule[]> => [
    ...(await always.rules()),
    ...((await ofSession?.rules()) ?? []),
  ];
  await rules();
  const note = (event: RunEvent): void => {
    if (event.type !== 'approval.decided' || event.data.by !== 'user') return;
    const { scope, isAllowed, action, target } = event.data;
    const file = scope === 'always' ? always : scope === 'session' ? ofSession : null;
    file?.add(exactRule(isAllowed ? 'allow' : 'deny', action, target)).catch((error: unknown) => {
      onProblem(messageOf(error));
    });
  };
  return {
    rules,
    keep: (handle) => {
      let isPast = true;
      handle.subscribe((event) => (isPast ? undefined : note(event)));
      isPast = false;
    },
  };
}

/** What decides over calls in one run, besides its agents' configs. */
export interface RunLeave {
  home: string | null;
  /** Takes the place of what the configs say; absent is as they say. */
  unattended: Unattended | undefined;
  ownRules: RuleFiles['rules'];
  keep: RuleFiles['keep'];
}

/** Without a home there are no rules of the user's own. Rejects as `openRuleFiles`. */
export async function openLeave({
  home,
  unattended,
  ...rest
}: Omit<RuleFilesOptions, 'home'> & {
  home: string | undefined;
  unattended: Unattended | undefined;
}): Promise<RunLeave> {
  if (home === undefined) {
    return { home: null, unattended, ownRules: () => Promise.resolve([]), keep: () => undefined };
  }
  const files = await openRuleFiles({ home, ...rest });
  return { home, unattended, ownRules: () => files.rules(), keep: (handle) => files.keep(handle) };
}

/** The rules of one agent in a run. */
export function permissionsOf(
  { permissions = DEFAULT_PERMISSIONS }: AgentSpec,
  { home, unattended, ownRules }: RunLeave,
): NonNullable<ToolHostOptions['permissions']> {
  return { needs: { ...permissions, ...(unattended && { unattended }) }, ownRules, home };
}
