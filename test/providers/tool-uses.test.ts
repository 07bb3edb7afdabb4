import { describe, expect, test } from 'vitest';
import { createUseCount } from '../../src/providers/tool-uses.ts';
import { builtinToolOf } from '../../src/providers/responses/builtin-tool.ts';

describe('uses of a provider’s own tools', () => {
  test('are counted without those that failed', () => {
    const count = createUseCount();
    for (const name of ['web_search', 'web_search', 'code_interpreter']) {
      count.add({ type: 'builtin-tool', name, detail: '' });
      count.add({ type: 'builtin-result', name, output: '', isError: name === 'code_interpreter' });
    }
    expect(count.uses).toEqual({ web_search: 2, code_interpreter: 0 });
  });

  test('are counted whatever the tool is called', () => {
    const count = createUseCount();
    for (const name of ['constructor', '__proto__']) count.add({ type: 'builtin-tool', name, detail: '' });
    expect(Object.entries(count.uses)).toEqual([
      ['constructor', 1],
      ['__proto__', 1],
    ]);
  });

  test('are searches of the web, not the pages opened after them', () => {
    const count = createUseCount();
    for (const type of ['search', 'open_page', 'find_in_page']) {
      const event = builtinToolOf({ type: 'web_search_call', action: { type } });
      if (event) count.add(event);
    }
    expect(count.uses).toEqual({ web_search: 1 });
  });
});
