import type { Decision } from '../asks.ts';
import type { HookLeave } from '../tool-rules.ts';
import type { CallUse } from './call-use.ts';
import { floorOfCommand, floorOfPlace } from './hard-floor.ts';
import { fitsRule } from './match-rule.ts';
import type { PermissionNeeds } from '../../config/permission-needs.ts';
import type { Surroundings } from './protected-places.ts';
import { ruleText, type PermissionRule } from '../../config/permission-rule.ts';

/** What the rules say of a call. `isUsers` is the user's own word, which no model's opinion touches. `by: null` is a call that needs no leave: it reads, or stays within what is the agent's. */
export type Judgement =
  | {
      verdict: 'allow' | 'deny';
      by: 'rule' | 'policy' | 'hook' | null;
      reason: string;
      scope: Decision['scope'];
      isUsers?: true;
    }
  | { verdict: 'ask'; isByRule: boolean; reason: string };

export interface RuleBook {
  needs: PermissionNeeds;
  /** The config's rules. */
  rules: readonly PermissionRule[];
  /** The user's own, from files that the user or an answered dialog wrote. */
  own: readonly PermissionRule[];
  /** What the user has decided about exactly this for longer than once; null for nothing. */
  remembered(action: string, target: string): Decision | null;
  /** What hooks of the config have said to the call; absent is nothing. */
  hook?: HookLeave | undefined;
}

/**
 * The order of things: the floor, the role, whatever denies, the user's own word, the hooks, the config's `ask`, the
 * config's `allow`, and last what the call may do. Nothing that an agent or a tool says plays a part.
 */
export function judgeUse(use: CallUse, book: RuleBook, where: Surroundings): Judgement {
  const floor = floorOf(use, where);
  if (floor !== null) return denied('rule', floor);
  const role = denialByRole(use, book.needs.role);
  if (role !== null) return denied('rule', role);
  const find = (rules: readonly PermissionRule[], effect: PermissionRule['effect']): PermissionRule | undefined =>
    rules.find((rule) => rule.effect === effect && fitsRule(rule, use));
  const denying = find(book.own, 'deny') ?? find(book.rules, 'deny');
  if (denying) return denied('rule', `The rule "${ruleText(denying)}" says so.`);
  const said = book.remembered(use.action, use.target);
  if (said) {
    const reason = said.isAllowed
      ? 'The user has allowed it before.'
      : `The user has refused it before. ${said.reason}`.trim();
    return { verdict: said.isAllowed ? 'allow' : 'deny', by: 'rule', reason, scope: said.scope, isUsers: true };
  }
  const own = find(book.own, 'allow');
  if (own)
    return {
      verdict: 'allow',
      by: 'rule',
      reason: `The user’s rule "${ruleText(own)}" says so.`,
      scope: 'always',
      isUsers: true,
    };
  const wish = find(book.own, 'ask');
  if (wish) return askedBy(wish);
  if (book.hook) return judgeByHook(book.hook);
  const asking = find(book.rules, 'ask');
  if (asking) return askedBy(asking);
  const allowing = find(book.rules, 'allow');
  if (allowing)
    return { verdict: 'allow', by: 'rule', reason: `The rule "${ruleText(allowing)}" says so.`, scope: 'always' };
  return judgeByRisk(use, book.needs);
}

function askedBy(rule: PermissionRule): Judgement {
  return { verdict: 'ask', isByRule: true, reason: `The rule "${ruleText(rule)}" wants to be asked.` };
}

function judgeByHook({ says, reason }: HookLeave): Judgement {
  if (says === 'ask') return { verdict: 'ask', isByRule: true, reason: reason || 'A hook wants to be asked.' };
  return { verdict: 'allow', by: 'hook', reason: reason || 'A hook allows it.', scope: 'once' };
}

function judgeByRisk(use: CallUse, { otherwise }: PermissionNeeds): Judgement {
  if (use.risk === 'low' || use.isConfined) return { verdict: 'allow', by: null, reason: '', scope: 'once' };
  switch (otherwise) {
    case 'allow':
      return { verdict: 'allow', by: 'policy', reason: 'The config allows what no rule names.', scope: 'once' };
    case 'deny':
      return denied('policy', 'The config denies what no rule names.');
    case 'ask':
      return { verdict: 'ask', isByRule: false, reason: 'It may have effects outside of the workspace.' };
  }
}

function denied(by: 'rule' | 'policy', reason: string): Judgement {
  return { verdict: 'deny', by, reason, scope: 'once' };
}

function floorOf(use: CallUse, where: Surroundings): string | null {
  for (const target of use.targets) {
    if (target.kind === 'text') continue;
    const found =
      target.kind === 'command'
        ? floorOfCommand(target.text, where)
        : [target.written, ...target.places]
            .map((path) => floorOfPlace({ path, use: target.use }, where))
            .reduce((first, each) => first ?? each, null);
    if (found !== null) return found;
  }
  return null;
}

function denialByRole({ readOnly, openWorld }: CallUse, role: PermissionNeeds['role']): string | null {
  if (role === 'read-write') return null;
  if (!readOnly) return `The agent’s role is ${role}: it changes nothing.`;
  return openWorld && role === 'read-only'
    ? 'The agent’s role is read-only: it reaches for nothing outside of this machine.'
    : null;
}
