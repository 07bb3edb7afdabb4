import * as z from 'zod';
import { isRule, parseRule } from '../permission-rule.ts';
import { otherBackend } from './backend.ts';
import { opt, text } from './key.ts';

const rule = text.superRefine((written, context) => {
  const parsed = parseRule(written);
  if (!isRule(parsed)) context.addIssue({ code: 'custom', message: parsed.problem });
});

/** What agents may do without asking, and never. */
export const permissions = z.object({
  role: opt(
    z.enum(['read-only', 'researcher', 'read-write']),
    'What agents may do at all: read on this machine (read-only), read anywhere (researcher), or what the rules let them do; read-write if left out.',
  ),
  rules: opt(
    z.array(rule),
    'Texts such as `allow run_command(npm test *)`, `ask mcp__github__*`, `deny write(secrets/**)`: see tools.md. Whatever denies wins.',
  ),
  default: opt(
    z.enum(['ask', 'allow', 'deny']),
    'What becomes of calls that may have effects outside of the workspace and that no rule names; ask if left out.',
  ),
  risk_model: opt(
    z.object({
      backend: opt(
        otherBackend,
        'The model, with the keys of `agents[].backend`; that of the agent itself if left out.',
      ),
    }),
    'A model that judges the risk of calls which may change something. Its opinion only ever makes a call be asked about; without one it is asked about too.',
  ),
  unattended: opt(
    z.enum(['risk-based', 'deny-all', 'allow-all']),
    'What takes the place of a person where nobody can be asked, as `--approve`. If left out, what a rule wants to be asked is denied, and the rest runs.',
  ),
});
