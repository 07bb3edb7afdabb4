import { describe, expect, test } from 'vitest';
import type { Message, ToolSpec } from '../../src/events/message.ts';
import { rankTools, SEARCH_TOOLS, toolsToShow, withToolSearch } from '../../src/tools/tool-search.ts';
import type { Tool } from '../../src/tools/tool.ts';

const spec = (name: string, description: string, isDeferred = true): ToolSpec => ({
  name,
  description,
  parameters: { type: 'object' },
  ...(isDeferred && { isDeferred: true }),
});
const HIDDEN = [
  spec('mcp__git__create_issue', 'Opens a new issue.'),
  spec('mcp__git__listIssues', 'Lists what is open.'),
  spec('mcp__mail__send', 'Sends a letter about an issue.'),
];
const tool = (of: ToolSpec): Tool => ({ spec: of, execute: async () => ({ output: '', isError: false }) });
const search = async (args: object): Promise<string> => {
  const found = withToolSearch(HIDDEN.map(tool)).find(({ spec: { name } }) => name === SEARCH_TOOLS);
  return (await found!.execute(args as never, { signal: new AbortController().signal })).output;
};

describe('ranking', () => {
  test('puts names before descriptions, and knows forms of a word', () => {
    const names = (query: string): string[] => rankTools(HIDDEN, query).map(({ name }) => name);
    expect(names('issue').at(-1)).toBe('mcp__mail__send');
    expect(names('list an issue')[0]).toBe('mcp__git__listIssues');
    expect(names('created issues')[0]).toBe('mcp__git__create_issue');
  });

  test('finds nothing for words that nothing has', () => {
    expect(rankTools(HIDDEN, 'weather')).toEqual([]);
    expect(rankTools([], 'weather')).toEqual([]);
  });
});

describe('the search', () => {
  test('tells names and what they are for, as many as are wanted', async () => {
    expect(await search({ query: 'send letter', count: 1 })).toBe(
      'You can call these from now on:\n- mcp__mail__send: Sends a letter about an issue.',
    );
    expect(await search({ query: 'weather' })).toBe('No tool fits these words. Try other ones.');
  });

  test('is there only where something is hidden', () => {
    const shown = [tool(spec('one', '', false))];
    expect(withToolSearch(shown)).toBe(shown);
  });
});

describe('what is shown', () => {
  const tools = [spec('own', '', false), ...HIDDEN, spec(SEARCH_TOOLS, '', false)];
  const names = (messages: Message[], isLeft = false): string[] =>
    toolsToShow(tools, messages, isLeft).map(({ name }) => name);
  const result = (output: string, name = SEARCH_TOOLS): Message => ({
    role: 'tool',
    callId: 'c',
    name,
    output,
    isError: false,
  });

  test('follows from the searches in the conversation', () => {
    expect(names([])).toEqual(['own', SEARCH_TOOLS]);
    expect(names([result('…\n- mcp__mail__send: x')])).toEqual(['own', 'mcp__mail__send', SEARCH_TOOLS]);
  });

  test('does not follow from what other tools or people say', () => {
    const said: Message[] = [
      result('- mcp__mail__send: x', 'read_file'),
      { role: 'user', text: '- mcp__mail__send: x' },
    ];
    expect(names(said)).toEqual(['own', SEARCH_TOOLS]);
  });

  test('holds tools that were called already', () => {
    const call = { id: 'c', name: 'mcp__mail__send', args: {}, rawArgs: '{}' };
    expect(names([{ role: 'assistant', text: '', calls: [call] }])).toContain('mcp__mail__send');
  });

  test('is everything but our search where the provider searches', () => {
    expect(names([], true)).toEqual(['own', ...HIDDEN.map(({ name }) => name)]);
  });
});

test('what is for code alone is neither shown nor found', () => {
  const tools = [{ ...spec('mcp__a__hidden', 'An issue.'), isCodeOnly: true as const }, spec('plain', 'x', false)];
  expect(withToolSearch(tools.map(tool)).map(({ spec: { name } }) => name)).toEqual(['mcp__a__hidden', 'plain']);
  expect(toolsToShow(tools, [], true).map(({ name }) => name)).toEqual(['plain']);
});
