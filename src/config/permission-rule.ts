/** What a rule says about the calls that it fits. */
export type Effect = 'allow' | 'ask' | 'deny';

/** `allow run_command(npm test *)`: what a tool may do, and to what. */
export interface PermissionRule {
  effect: Effect;
  /** A glob over names of tools, or `read`, `write` and `delete` for whatever does that to files. */
  action: string;
  /** A glob over what it is done to; null for anything, empty for a call that names nothing. */
  target: string | null;
}

/** Reads `effect action` or `effect action(target)`. A text that is none gives a sentence that says what was expected. */
export function parseRule(text: string): PermissionRule | { problem: string } {
  const match = /^\s*(allow|ask|deny)\s+([^\s()]+)\s*(?:\(([\s\S]*)\))?\s*$/.exec(text);
  const [, effect, action, target] = match ?? [];
  if (action === undefined || (effect !== 'allow' && effect !== 'ask' && effect !== 'deny')) {
    return {
      problem:
        'A rule is "allow", "ask" or "deny", then a tool, then what it is used on in parentheses, as in "allow run_command(npm test *)".',
    };
  }
  return { effect, action, target: target ?? null };
}

export function isRule(parsed: ReturnType<typeof parseRule>): parsed is PermissionRule {
  return 'effect' in parsed;
}

export function ruleText({ effect, action, target }: PermissionRule): string {
  return target === null ? `${effect} ${action}` : `${effect} ${action}(${target})`;
}

/** The rule for exactly this action and target, and for no other. */
export function exactRule(effect: Effect, action: string, target: string): PermissionRule {
  return { effect, action: escapeGlob(action), target: escapeGlob(target) };
}

function escapeGlob(text: string): string {
  return text.replaceAll(/[\\*?[\]{}()!+@|]/g, (sign) => `\\${sign}`);
}
