import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agentsOf, mapsAt, valueAt, withValueAt } from '../../src/config/value-at.ts';
import type { JsonValue } from '../../src/events/json.ts';

const TREE: JsonValue = { a: [{ b: 1 }, 2], c: null };

describe('a value by its path', () => {
  it.each<[(string | number)[], JsonValue | undefined]>([
    [[], TREE],
    [['a', 0, 'b'], 1],
    [['a', 1], 2],
    [['c'], null],
    [['c', 'd'], undefined],
    [['a', 'b'], undefined],
    [['a', 5], undefined],
    [['toString'], undefined],
    [[0], undefined],
  ])('%j', (path, value) => {
    expect(valueAt(TREE, path)).toEqual(value);
  });

  it('can be replaced without touching the tree', () => {
    const before = JSON.stringify(TREE);
    expect(withValueAt(TREE, ['a', 0, 'b'], 'x')).toEqual({ a: [{ b: 'x' }, 2], c: null });
    expect(withValueAt(TREE, [], 1)).toBe(1);
    expect(JSON.stringify(TREE)).toBe(before);
  });

  it('is what was put there', () => {
    const path = fc.constantFrom<(string | number)[]>(['a'], ['a', 0], ['a', 0, 'b'], ['a', 1], ['c']);
    fc.assert(
      fc.property(path, fc.integer(), (p, n) => {
        expect(valueAt(withValueAt(TREE, p, n), p)).toBe(n);
      }),
    );
  });
});

describe('parts that may be missing', () => {
  it('are empty then', () => {
    expect([mapsAt(TREE, ['c']), mapsAt(undefined, [])]).toEqual([[], []]);
  });

  it('keep their places when others of another form are left out', () => {
    expect(mapsAt({ list: [1, { x: 1 }, null, { y: 2 }] }, ['list'])).toEqual([
      { path: ['list', 1], map: { x: 1 } },
      { path: ['list', 3], map: { y: 2 } },
    ]);
  });

  it('are agents in either form', () => {
    expect(agentsOf({ agent: { id: 1 } })).toEqual([{ path: ['agent'], map: { id: 1 } }]);
    expect(agentsOf({ agents: [{ id: 1 }] })).toEqual([{ path: ['agents', 0], map: { id: 1 } }]);
    expect(agentsOf('x')).toEqual([]);
  });
});
