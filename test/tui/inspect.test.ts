import { describe, expect, it } from 'vitest';
import type { ActionId } from '../../src/tui/input/keymap.ts';
import { viewAction } from '../../src/tui/app/view-action.ts';
import type { Model } from '../../src/tui/view/model.ts';
import { frameText } from '../../src/tui/view/paint.ts';
import { buildFrame } from '../../src/tui/view/screen.ts';
import { scriptedRun } from '../screens/scripted-events.ts';
import { modelOf } from './models.ts';

function after(model: Model, ...actions: ActionId[]): Model {
  return actions.reduce((now, action) => ({ ...now, ...viewAction(now, action) }), model);
}

function opened(cols = 120): Model {
  return after(modelOf(scriptedRun({ agents: 3 }), { cols, rows: 40 }), 'inspect');
}

/** The rows of the list, without the details beside it. */
function list(model: Model): string[] {
  return frameText(buildFrame(model))
    .slice(2, -2)
    .map((row) => row.split('│')[0]?.trim() ?? '')
    .filter(Boolean);
}

/** The model with the first row picked that the text stands in. */
function at(model: Model, text: string): Model {
  const index = list(model).findIndex((row) => row.includes(text));
  return { ...model, browse: { ...model.browse, inspect: { ...model.browse.inspect, pick: index } } };
}

describe('the inspection of a run', () => {
  it('has figures, agents, and every answer, ballot and decision in order', () => {
    const rows = list(opened());
    const words = rows.map((row) => /^>? *(?:\d\d:\d\d )?([A-Za-z0-9]+)/.exec(row)?.[1]);
    expect([words.slice(0, 5), words.filter((word) => word === 'ANSWER').length > 2, words.slice(-2)]).toEqual([
      ['overview', 'figures', '1', '2', '3'],
      true,
      ['WINNER', 'FINAL'],
    ]);
  });

  it('opens an answer, a ballot, the result and an agent where all of them are', () => {
    const model = opened();
    const places = ['ANSWER', 'VOTE', 'WINNER', 'FINAL'].map((word) => {
      const next = after(at(model, word), 'inspect-open');
      return [next.view, next.view === 'answers' || next.view === 'ballots' ? next.browse[next.view].pick : null];
    });
    const agent = after(
      { ...model, browse: { ...model.browse, inspect: { pick: 3, top: 0, filter: '' } } },
      'inspect-open',
    );
    expect([places, [agent.view, agent.focus, agent.isZoomed]]).toEqual([
      [
        ['answers', 0],
        ['ballots', 1],
        ['ballots', 0],
        ['final', null],
      ],
      ['panes', 1, true],
    ]);
  });

  it('shows what is picked beside the list, or below it where room is short', () => {
    const wide = frameText(buildFrame(at(opened(), 'figures'))).join('\n');
    const narrow = frameText(buildFrame({ ...at(opened(80), 'figures'), rows: 24 })).join('\n');
    expect([wide, narrow].map((text) => /consensus +after/.test(text) || /ballots +\d/.test(text))).toEqual([
      true,
      true,
    ]);
  });

  it('says something about a run that has just begun', () => {
    const model = after(modelOf(scriptedRun({ agents: 3, until: 'drafting' }), { cols: 120 }), 'inspect');
    expect(frameText(buildFrame(model)).join('\n')).toContain('not over');
  });
});
