import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandVariables } from '../../src/config/expand.ts';

const ENV = { NAME: 'value', EMPTY: '', DOLLAR: '$&${NAME}' };

describe('variables in texts', () => {
  it.each([
    ['plain', 'plain'],
    ['${NAME}', 'value'],
    ['a ${NAME} b ${NAME}', 'a value b value'],
    ['${UNSET:-fallback}', 'fallback'],
    ['${EMPTY:-fallback}', 'fallback'],
    ['${UNSET:-}', ''],
    ['${NAME:-fallback}', 'value'],
    ['${UNSET}', '${UNSET}'],
    ['${EMPTY}', '${EMPTY}'],
    ['$${NAME}', '${NAME}'],
    ['$NAME {NAME} ${name} ${a.b}', '$NAME {NAME} ${name} ${a.b}'],
    ['${DOLLAR}', '$&${NAME}'],
  ])('%j becomes %j', (text, result) => {
    expect(expandVariables({ key: text }, ENV).value).toEqual({ key: result });
  });

  it('are found anywhere, with their places', () => {
    const { value, references } = expandVariables({ list: ['${NAME}', { deep: '${UNSET}/${UNSET:-x}' }], n: 1 }, ENV);
    expect(value).toEqual({ list: ['value', { deep: '${UNSET}/x' }], n: 1 });
    expect(references).toEqual([
      { path: ['list', 0], variable: 'NAME', isSet: true },
      { path: ['list', 1, 'deep'], variable: 'UNSET', isSet: false },
      { path: ['list', 1, 'deep'], variable: 'UNSET', isSet: true },
    ]);
  });

  it('leave texts without ${ as they are', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!text.includes('${'));
        expect(expandVariables([text], ENV)).toEqual({ value: [text], references: [] });
      }),
    );
  });
});

describe('${cwd}', () => {
  it('is the folder of its own backend', () => {
    const backend = (cwd: string): { cwd: string; args: string[] } => ({ cwd, args: ['${cwd}/x', '${cwd}'] });
    expect(expandVariables({ agents: [{ backend: backend('one') }, { backend: backend('two') }] }, ENV).value).toEqual({
      agents: [
        { backend: { cwd: 'one', args: ['one/x', 'one'] } },
        { backend: { cwd: 'two', args: ['two/x', 'two'] } },
      ],
    });
  });

  it('works for a single agent, and only below its backend', () => {
    const agent = { system_message: 'in ${cwd}', backend: { cwd: 'here', a: '${cwd}' } };
    expect(expandVariables({ agent }, ENV).value).toEqual({
      agent: { system_message: 'in ${cwd}', backend: { cwd: 'here', a: 'here' } },
    });
  });

  it('stays where the backend has no folder', () => {
    expect(expandVariables({ agent: { backend: { a: '${cwd}' } } }, ENV).value).toEqual({
      agent: { backend: { a: '${cwd}' } },
    });
  });
});
