import { expect, it } from 'vitest';
import { isWanted } from '../../../src/tools/mcp/server-tools.ts';

const need = { name: 'chat', allowedTools: null, excludedTools: [] };

it.each([
  [{}, true],
  [{ excludedTools: ['send'] }, false],
  [{ excludedTools: ['mcp__chat__send'] }, false],
  [{ excludedTools: ['mcp__mail__send', 'chat__send'] }, true],
  [{ allowedTools: ['send'] }, true],
  [{ allowedTools: ['mcp__chat__send'] }, true],
  [{ allowedTools: ['mcp__mail__send', 'read'] }, false],
  [{ allowedTools: ['send'], excludedTools: ['mcp__chat__send'] }, false],
])('with %j, whether a tool is offered: %s', (lists, isOffered) => {
  expect(isWanted({ ...need, ...lists }, 'send')).toBe(isOffered);
});
