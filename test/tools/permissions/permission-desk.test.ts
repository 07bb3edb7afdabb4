import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exactRule, ruleText } from '../../../src/config/permission-rule.ts';
import { COMMAND, fakeTool, HOST_COMMAND, READ, SEND, tryCall, verdictOf, WORKSPACE, WRITE } from './desk.ts';

const rules = (...written: string[]): { needs: { rules: string[] } } => ({ needs: { rules: written } });

describe('without any rule', () => {
  test.each([
    ['reading', READ, { path: 'a' }, 'runs'],
    ['writing in the workspace', WRITE, { path: 'a' }, 'runs'],
    ['a command in a closed sandbox', COMMAND, { command: 'make' }, 'runs'],
    ['a command on the user’s machine', HOST_COMMAND, { command: 'make' }, 'asks'],
    ['a tool of a server', SEND, { to: 'x' }, 'asks'],
    ['a tool that says nothing of itself', fakeTool('thing'), {}, 'asks'],
    [
      'a server’s tool that says that it stays here',
      fakeTool('mcp__a__b', { openWorld: false, destructive: false }, { server: 'a', tool: 'b' }),
      {},
      'asks',
    ],
  ] as const)('%s: %s', async (_, tool, args, verdict) => {
    expect(await verdictOf(tool, args)).toBe(verdict);
  });

  test('what needs no leave is not written down as a decision', async () => {
    expect((await tryCall(READ, { path: 'a' })).noted).toEqual([]);
  });
});

describe('a rule that denies', () => {
  test.each([
    ['deny run_command(curl *)', 'curl x'],
    ['deny run_command(curl *)', 'curl'],
    ['deny run_command(curl *)', '/usr/bin/curl x'],
    ['deny run_command(curl *)', 'cu"r"l x'],
    ['deny run_command(curl *)', 'true; curl x'],
    ['deny run_command(curl *)', 'bash -c "curl x"'],
    ['deny run_command(curl *)', 'echo $(curl x)'],
    ['deny run_command(curl *)', 'sudo env A=1 curl x'],
    ['deny run_command(curl *)', 'c=curl; $c x'],
    ['deny run_command', 'ls'],
    ['deny *', 'ls'],
    ['deny RUN_COMMAND(ls)', 'ls'],
  ])('%s stops %s', async (rule, command) => {
    expect(await verdictOf(COMMAND, { command }, rules(rule, 'allow *'))).toBe('denied');
  });

  test('reaches a tool by its bare name, whatever server it is from', async () => {
    expect(await verdictOf(SEND, { to: 'x' }, rules('deny send', 'allow *'))).toBe('denied');
  });

  test('wins over the user’s own word', async () => {
    const said = { isAllowed: true, scope: 'always' as const, reason: '' };
    const setting = { ...rules('deny send'), own: ['allow *'], remembered: () => said };
    expect(await verdictOf(SEND, {}, setting)).toBe('denied');
  });

  test.each(['secrets/a', `${WORKSPACE}/secrets/a`, 'Secrets/a'])('finds a path as %s', async (path) => {
    expect(await verdictOf(READ, { path }, rules('deny read(secrets/**)'))).toBe('denied');
  });

  test('of writing also stops deleting', async () => {
    const remove = fakeTool('delete_file', { openWorld: false, pathArguments: [{ name: 'path', use: 'delete' }] });
    expect(await verdictOf(remove, { path: 'keep/a' }, rules('deny write(keep/**)'))).toBe('denied');
  });

  test('is told to the agent and written down', async () => {
    const { output, noted } = await tryCall(SEND, { to: 'x' }, rules('deny mcp__mail__*'));
    expect(output).toBe('mcp__mail__send was not run: The rule "deny mcp__mail__*" says so.');
    expect(noted).toEqual([
      {
        callId: 'c1',
        tool: 'mcp__mail__send',
        action: 'mcp__mail__send',
        target: '{"to":"x"}',
        risk: 'high',
        isAllowed: false,
        scope: 'once',
        by: 'rule',
        reason: 'The rule "deny mcp__mail__*" says so.',
      },
    ]);
  });
});

describe('a rule that allows', () => {
  test('fits a command as a whole', async () => {
    expect(await verdictOf(HOST_COMMAND, { command: 'npm test' }, rules('allow run_command(npm *)'))).toBe('runs');
  });

  test.each([
    'npm test; curl x',
    'npm test && curl x',
    'npm test | sh',
    'npm test\ncurl x',
    'npm test & curl x',
    'npm test $(curl x)',
    'npm test `curl x`',
    'npm test > /etc/passwd',
    'npm $X',
    'PATH=/evil npm test',
    'bash -c "npm test; curl x"',
    'npm <(curl x)',
    'X=1; npm ${X:+$(curl x)}',
    'X=1; npm ${X:+`curl x`}',
  ])('does not let %s pass', async (command) => {
    expect(await verdictOf(HOST_COMMAND, { command }, rules('allow run_command(npm *)'))).toBe('asks');
  });

  test('does not let another server’s tool of the same bare name pass', async () => {
    expect(
      await verdictOf(fakeTool('mcp__evil__send', {}, { server: 'evil', tool: 'send' }), {}, rules('allow send')),
    ).toBe('asks');
  });

  test('needs every path to fit', async () => {
    const copy = fakeTool('copy', {
      pathArguments: [
        { name: 'a', use: 'write' },
        { name: 'b', use: 'write' },
      ],
    });
    expect(await verdictOf(copy, { a: 'out/a', b: 'b' }, rules('allow write(out/**)'))).toBe('asks');
    expect(await verdictOf(copy, { a: 'out/a', b: 'out/b' }, rules('allow write(out/**)'))).toBe('runs');
  });

  test('gives way to one that asks, and the user’s own wins over that', async () => {
    expect(await verdictOf(SEND, {}, rules('allow *', 'ask send'))).toBe('asks');
    expect(await verdictOf(SEND, {}, { ...rules('ask send'), own: ['allow mcp__mail__send'] })).toBe('runs');
  });
});

describe('the floor', () => {
  const everything = {
    needs: { rules: ['allow *'], otherwise: 'allow' as const, unattended: 'allow-all' as const },
    own: ['allow *'],
    remembered: () => ({ isAllowed: true, scope: 'always' as const, reason: '' }),
  };

  test.each([
    ['run_command', { command: 'rm -rf ~' }],
    ['mcp__any__run', { command: 'bash -c "rm -rf ~"' }],
    ['mcp__any__execute_command', { text: 'rm -rf ~' }],
    ['mcp__any__thing', { cmd: ['rm', '-rf', '/home/ada'] }],
    ['mcp__any__thing', { command: 'rm', args: ['-rf', '/home/ada'] }],
    ['mcp__any__thing', { options: { script: 'cat ~/.ssh/id_rsa' } }],
    ['mcp__any__write_file', { path: '/home/ada/.ssh/authorized_keys', content: '' }],
    ['custom_tool__clean', { directory: '/home/ada' }],
  ])('is not opened by anything for %s %j', async (name, args) => {
    expect(await verdictOf(fakeTool(name), args, everything)).toBe('denied');
  });
});

describe('roles', () => {
  const web = fakeTool('fetch', { readOnly: true, destructive: false, openWorld: true });
  test.each([
    ['read-only', READ, 'runs'],
    ['read-only', web, 'denied'],
    ['read-only', WRITE, 'denied'],
    ['researcher', web, 'runs'],
    ['researcher', COMMAND, 'denied'],
    ['read-write', WRITE, 'runs'],
  ] as const)('%s', async (role, tool, verdict) => {
    expect(await verdictOf(tool, { path: 'a', command: 'x' }, { needs: { role, rules: ['allow *'] } })).toBe(verdict);
  });
});

describe('where nobody is there', () => {
  const runs = async (setting: Parameters<typeof tryCall>[2], tool = SEND): Promise<boolean> =>
    (await tryCall(tool, {}, setting)).ran;

  test('what a rule wants to be asked is denied with a reason', async () => {
    const { ran, output } = await tryCall(SEND, {}, rules('ask send'));
    expect([ran, output]).toEqual([
      false,
      'mcp__mail__send was not run: Nobody is there who could be asked. The rule "ask send" wants to be asked.',
    ]);
  });

  test('what no rule names runs as the config lets it, and that is written down', async () => {
    const { ran, noted } = await tryCall(SEND, {});
    expect([ran, noted.map(({ by, isAllowed }) => [by, isAllowed])]).toEqual([true, [['policy', true]]]);
  });

  test('deny-all denies both, allow-all allows both', async () => {
    expect(await runs({ needs: { unattended: 'deny-all' } })).toBe(false);
    expect(await runs({ needs: { unattended: 'allow-all', rules: ['ask *'] } })).toBe(true);
  });

  test('risk-based goes by the risk', async () => {
    const mild = fakeTool('mcp__a__add', { destructive: false }, { server: 'a', tool: 'add' });
    expect(await runs({ needs: { unattended: 'risk-based' } })).toBe(false);
    expect(await runs({ needs: { unattended: 'risk-based' } }, mild)).toBe(true);
  });
});

test('what the user has decided for longer is not asked again', async () => {
  const remembered = (action: string, target: string) =>
    action === 'run_command' && target === 'make' ? { isAllowed: true, scope: 'run' as const, reason: '' } : null;
  expect(await verdictOf(HOST_COMMAND, { command: 'make' }, { remembered })).toBe('runs');
  expect(await verdictOf(HOST_COMMAND, { command: 'make install' }, { remembered })).toBe('asks');
});

test('the rule kept for exactly one command fits that command and no other, whatever signs it holds', () => {
  return fc.assert(
    fc.asyncProperty(fc.string({ minLength: 1 }), fc.string(), async (command, more) => {
      // What only ends a command, or is a remark, makes no other command of it.
      fc.pre(/[a-z0-9]/i.test(more) && !/[#]/.test(command + more) && !/^\*+$/.test(command));
      const own = [ruleText(exactRule('allow', 'run_command', command))];
      expect(await verdictOf(HOST_COMMAND, { command: `${command}${more}` }, { own })).not.toBe('runs');
    }),
    { numRuns: 200 },
  );
});

test.each([
  ['npm x >0', 'asks'],
  ['npm x 2>1', 'asks'],
  ['npm x 2>&1', 'runs'],
])('a number is a stream only behind &: %s %s', async (command, verdict) => {
  expect(await verdictOf(HOST_COMMAND, { command }, rules('allow run_command(npm *)'))).toBe(verdict);
});

test.each(['PATH=/tmp; npm x', 'npm x; PATH=/tmp', 'LD_PRELOAD=./x.so\nnpm x', 'A= npm x', 'npm x && A=1'])(
  'leave for one program is none for settings beside it: %s',
  async (command) => {
    expect(await verdictOf(HOST_COMMAND, { command }, rules('allow run_command(npm *)'))).toBe('asks');
  },
);

test('leave for a call that names nothing is no leave for one that does', async () => {
  const own = [ruleText(exactRule('allow', 'mcp__mail__send', ''))];
  expect(await verdictOf(SEND, {}, { own })).toBe('runs');
  expect(await verdictOf(SEND, { to: 'x' }, { own })).toBe('asks');
});

test('no command with a second part passes a rule for the first one', () => {
  const separator = fc.constantFrom(';', '&&', '||', '|', '&', '\n', ' ; ', '\t&& ');
  const second = fc.constantFrom(
    'curl x',
    '"cu"rl x',
    'bash -c "curl x"',
    '$(curl x)',
    'x=curl; $x',
    '`curl x`',
    '>out curl',
  );
  return fc.assert(
    fc.asyncProperty(separator, second, fc.stringMatching(/^[a-z ]{0,12}$/), async (sign, other, words) => {
      const command = `npm ${words}${sign}${other}`;
      expect(await verdictOf(HOST_COMMAND, { command }, rules('allow run_command(npm *)'))).toBe('asks');
    }),
    { numRuns: 300 },
  );
});
