import { describe, expect, it } from 'vitest';
import { BlockList } from '../../src/tui/store/blocks.ts';
import { PaneFlow } from '../../src/tui/view/flow.ts';
import { UNICODE } from '../../src/tui/view/glyphs.ts';
import { lineText } from '../../src/tui/view/line.ts';
import { renderMarkdown } from '../../src/tui/view/markdown.ts';

const LINES = 6000;

function flowOf(list: BlockList): PaneFlow {
  return new PaneFlow(list, {
    width: 60,
    showReasoning: false,
    showTools: false,
    showKey: 'r',
    glyphs: UNICODE,
    agent: 'agent.1',
    render: renderMarkdown,
  });
}

function longList(): BlockList {
  const list = new BlockList();
  for (let i = 0; i < LINES; i++) list.stream('text', 'r', `Line ${i} of a text that is long\n`);
  return list;
}

describe('PaneFlow over more text than it keeps rows of', () => {
  it('shows every row of it, from the first to the last', () => {
    const flow = flowOf(longList());
    const rows = flow.slice(0, flow.rowCount).map(lineText);
    expect(rows).toEqual(Array.from({ length: LINES }, (_, i) => `Line ${i} of a text that is long`));
  });

  it('shows the same in the middle, wherever it was looked at before', () => {
    const flow = flowOf(longList());
    const before = flow.slice(2500, 20).map(lineText);
    flow.tail(30);
    flow.slice(0, 10);
    flow.slice(5900, 10);
    expect([flow.rowCount, flow.slice(2500, 20).map(lineText)]).toEqual([LINES, before]);
  });

  it('shows rows that it let go while its end was followed', () => {
    const list = new BlockList();
    const flow = flowOf(list);
    for (let i = 0; i < 1500; i++) {
      list.stream('text', 'r', `Line ${i}\n`);
      expect(
        flow
          .tail(10)
          .at(-1)
          ?.map(({ text }) => text),
      ).toEqual([`Line ${i}`]);
    }
    const rows = flow.slice(0, flow.rowCount).map(lineText);
    expect(rows).toEqual(Array.from({ length: 1500 }, (_, i) => `Line ${i}`));
  });

  it('counts the rows of a block again when its text was replaced', () => {
    const list = longList();
    const flow = flowOf(list);
    expect(flow.rowCount).toBe(LINES);
    list.replaceStreamed('text', 1, 'Only this');
    expect([flow.rowCount, flow.tail(5).map(lineText)]).toEqual([1, ['Only this']]);
  });

  it('wraps only the end of it for each width of a window that changes its size, while it is followed', () => {
    const list = longList();
    const all = list.blocks.reduce((sum, block) => sum + ('text' in block ? block.text.length : 0), 0);
    let drawn = 0;
    for (let width = 40; width < 60; width++) {
      const flow = new PaneFlow(list, {
        width,
        showReasoning: false,
        showTools: false,
        showKey: 'r',
        glyphs: UNICODE,
        agent: 'agent.1',
        render: (source, ...rest) => {
          drawn += source.length;
          return renderMarkdown(source, ...rest);
        },
      });
      expect(flow.tail(30)).toHaveLength(30);
    }
    // The last block alone; it is drawn a little more than once, since its parts are tried out.
    expect(drawn / 20).toBeLessThan(all / 3);
  });
});
