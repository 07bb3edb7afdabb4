import type { Alias } from '../../events/event.ts';
import type { BlockList } from '../store/blocks.ts';
import { sanitize } from '../text/sanitize.ts';
import { ballotsPage } from '../view/ballots-page.ts';
import { formatClock } from '../view/format.ts';
import { lineText } from '../view/line.ts';
import type { Model } from '../view/model.ts';
import { shownEntries } from '../view/timeline-screen.ts';
import { copyOf, type Copied } from './copy-text.ts';

/** All of what is in front, for a pager or an editor; null where that is nothing. Harmless to print. Pure. */
export function openedText(model: Model): Copied | null {
  const found = textOf(model);
  return found && { ...found, text: `${sanitize(found.text).trimEnd()}\n` };
}

function textOf(model: Model): Copied | null {
  const { run, view } = model;
  const state = run?.state;
  if (!run || !state) return null;
  switch (view) {
    case 'panes': {
      const alias = run.panes[model.focus];
      if (alias === undefined) return null;
      const text = transcriptText(run.transcript(alias).list);
      return text === '' ? null : { text, what: nameOf(model, alias) };
    }
    case 'timeline': {
      const lines = shownEntries(model).map((entry) =>
        [
          formatClock(entry.atMs),
          entry.word.padEnd(8),
          entry.alias === null ? '' : nameOf(model, entry.alias),
          entry.text,
        ]
          .filter((part) => part !== '')
          .join(' '),
      );
      return { text: lines.join('\n'), what: 'the timeline' };
    }
    case 'ballots': {
      const page = ballotsPage(model, state);
      const parts = Array.from({ length: page.count }, (_, i) =>
        [page.detailTitle(i), ...page.detail(i, 100).map(lineText)].join('\n'),
      );
      return { text: parts.join('\n\n'), what: 'the ballots' };
    }
    default:
      return copyOf(model);
  }
}

function nameOf(model: Model, alias: Alias): string {
  return model.run?.state?.agents[alias]?.info.id ?? alias;
}

/** Everything that is kept of what an agent said and did. */
function transcriptText(list: BlockList): string {
  const parts = list.blocks.map((block): string => {
    switch (block.kind) {
      case 'tool':
        return [`> ${block.name}`, block.input, block.status === 'running' ? '' : `${block.status}:`, block.output]
          .filter((part) => part !== '')
          .join('\n');
      case 'notice':
        return `-- ${block.text}`;
      case 'reasoning':
        return `(thought) ${block.text.trim()}`;
      case 'text':
      case 'answer':
        return block.text.trim();
    }
  });
  if (list.dropped > 0) parts.unshift(`(${list.dropped} earlier parts are only in the run log)`);
  return parts.filter((part) => part !== '').join('\n\n');
}
