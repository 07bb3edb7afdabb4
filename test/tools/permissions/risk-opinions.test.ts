import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Risk } from '../../../src/events/event.ts';
import type { Judgement } from '../../../src/tools/permissions/judge-use.ts';
import { raise } from '../../../src/tools/permissions/risk-opinions.ts';
import type { RiskOpinion } from '../../../src/tools/asks.ts';

const RISKS: Risk[] = ['low', 'medium', 'high'];
const STRICTNESS = { allow: 0, ask: 1, deny: 2 };
const risk = fc.constantFrom(...RISKS);
const judgement = fc.oneof(
  fc.record({
    verdict: fc.constantFrom('allow' as const, 'deny' as const),
    by: fc.constantFrom('rule' as const, 'policy' as const, 'hook' as const, null),
    reason: fc.string(),
    scope: fc.constantFrom('once' as const, 'always' as const),
  }),
  fc.record({ verdict: fc.constant('ask' as const), isByRule: fc.boolean(), reason: fc.string() }),
);
const opinion: fc.Arbitrary<RiskOpinion | null> = fc.option(fc.record({ risk: fc.option(risk), reason: fc.string() }));

test('an opinion never lowers a risk, and never makes a call freer than the rules do', () => {
  fc.assert(
    fc.property(risk, judgement, opinion, (before, judged: Judgement, said) => {
      const after = raise(before, judged, said);
      expect(RISKS.indexOf(after.risk)).toBeGreaterThanOrEqual(RISKS.indexOf(before));
      expect(STRICTNESS[after.judged.verdict]).toBeGreaterThanOrEqual(STRICTNESS[judged.verdict]);
    }),
    { numRuns: 1_000 },
  );
});

test('no opinion from a model that was asked is a reason to ask', () => {
  const allowed: Judgement = { verdict: 'allow', by: null, reason: '', scope: 'once' };
  expect(raise('low', allowed, { risk: null, reason: 'It did not answer.' })).toEqual({
    risk: 'low',
    judged: { verdict: 'ask', isByRule: true, reason: 'Its risk could not be judged: It did not answer.' },
  });
});
