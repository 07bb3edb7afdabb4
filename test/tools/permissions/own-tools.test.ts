import { describe, expect, test } from 'vitest';
import { DEFAULT_PERMISSIONS } from '../../../src/config/permission-needs.ts';
import type { ApprovalRequest, Asks, ModeWord, SettledCall } from '../../../src/tools/asks.ts';
import { PermissionDesk } from '../../../src/tools/permissions/permission-desk.ts';
import { HOME, WORKSPACE } from './desk.ts';

const request = (action: string, target: string): ApprovalRequest => {
  return { callId: 'c1', tool: action, action, target, risk: 'high', detail: '', diff: null };
};
const BYPASS: ModeWord = { isAllowed: true, reason: 'The mode is bypassPermissions.' };
const PLAN: ModeWord = { isAllowed: false, reason: 'The mode is plan.' };

function desk(rules: string[] = []) {
  const where = { home: HOME, workspace: WORKSPACE };
  const needs = { ...DEFAULT_PERMISSIONS, rules };
  return new PermissionDesk({ needs, ownRules: async () => [], where, findPlace: async () => null });
}

async function decide(asked: ApprovalRequest, rules: string[], mode?: ModeWord, isAttended = false) {
  const noted: SettledCall[] = [];
  const asks: Asks = {
    isAttended,
    approve: async () => ({ isAllowed: false, scope: 'once', reason: 'asked' }),
    noteDecision: async (call) => void noted.push(call),
    ask: async () => [],
  };
  const decision = await desk(rules).approveRequest(asked, asks, new AbortController().signal, { mode });
  return { ...decision, by: noted[0]?.by };
}

describe('a mode that allows everything an agent’s own tools do', () => {
  test('does not open the floor', async () => {
    const { isAllowed, by } = await decide(request('execute', 'rm -rf ~'), [], BYPASS, true);
    expect([isAllowed, by]).toEqual([false, 'rule']);
  });

  test('does not lift a rule that denies', async () => {
    const { isAllowed, by } = await decide(request('Bash', 'curl x'), ['deny Bash(curl *)'], BYPASS, true);
    expect([isAllowed, by]).toEqual([false, 'rule']);
  });

  test('does not speak for the user where a rule wants to be asked', async () => {
    expect((await decide(request('Bash', 'make'), ['ask Bash'], BYPASS, true)).reason).toBe('asked');
  });

  test('takes the place of the user everywhere else, which is written down', async () => {
    expect(await decide(request('Bash', 'make'), [], BYPASS, true)).toEqual({ ...BYPASS, scope: 'once', by: 'policy' });
  });
});

test('a mode that only reads denies what a rule allows', async () => {
  expect(await decide(request('Bash', 'make'), ['allow Bash(make)'], PLAN)).toMatchObject({ isAllowed: false });
});

test('without a mode somebody is asked', async () => {
  expect((await decide(request('Bash', 'make'), [], undefined, true)).reason).toBe('asked');
});

test('what is never allowed is known before anybody is asked', async () => {
  const forbids = (asked: ApprovalRequest, ...rules: string[]) => desk(rules).forbidRequest(asked);
  expect(await forbids(request('Read', `${HOME}/.ssh/id_rsa`))).toContain('keys');
  expect(await forbids(request('Read', '/w/a'), 'deny read(/w/**)')).toContain('deny read(/w/**)');
  expect(await forbids(request('Bash', 'make'))).toBe(null);
});
