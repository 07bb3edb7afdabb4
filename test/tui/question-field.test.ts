import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completable, completionAction, completionOf } from '../../src/tui/app/completion.ts';
import { QuestionField } from '../../src/tui/app/question-field.ts';
import { EMPTY_EDITOR, insertText, moveCursor } from '../../src/tui/input/editor.ts';
import { collapsePaste, expandPastes } from '../../src/tui/input/pastes.ts';
import type { TuiPorts } from '../../src/tui/ports.ts';
import type { Model } from '../../src/tui/view/model.ts';
import { frameText } from '../../src/tui/view/paint.ts';
import { buildFrame } from '../../src/tui/view/screen.ts';
import { modelOf } from './models.ts';

interface World {
  field: QuestionField;
  model: () => Model;
  set: (change: Partial<Model>) => void;
  acted: string[];
}

function world(ports: TuiPorts = {}, editOutside: ((text: string) => Promise<string>) | null = null): World {
  let model = modelOf([]);
  const acted: string[] = [];
  const set = (change: Partial<Model>): void => void (model = { ...model, ...change });
  const field = new QuestionField({
    ports,
    model: () => model,
    set,
    say: (tone, text) => set({ message: { tone, text } }),
    act: (action) => acted.push(action),
    editOutside,
  });
  return { field, model: () => model, set, acted };
}

async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

describe('a long paste', () => {
  const long = Array.from({ length: 40 }, (_, i) => `line ${i}`).join('\n');

  it('is shown as a mark and sent as it is', () => {
    const { field, model } = world();
    field.insert('look: ');
    field.paste(long);
    field.insert(' why?');
    expect([model().editor.text, expandPastes(model().editor.text, model().pastes)]).toEqual([
      'look: [paste 1: 40 lines] why?',
      `look: ${long} why?`,
    ]);
  });

  it('is whole whatever it is, and several stay apart', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 2001 }), fc.string({ minLength: 2001 }), (a, b) => {
        const one = collapsePaste([], a);
        const two = collapsePaste(one?.pastes ?? [], b);
        expect(expandPastes(`${two?.mark} ${one?.mark}`, two?.pastes ?? [])).toBe(`${b} ${a}`);
      }),
    );
  });

  it('counts lines and not the breaks behind them', () => {
    expect(collapsePaste([], `${long}\n`)?.mark).toBe('[paste 1: 40 lines]');
  });

  it('leaves short ones, and text that looks like a mark, alone', () => {
    expect(collapsePaste([], 'one\ntwo')).toBe(null);
    expect(expandPastes('[paste 7: 3 lines]', [])).toBe('[paste 7: 3 lines]');
  });
});

describe('completion', () => {
  const at = (text: string): ReturnType<typeof completable> => completable(insertText(EMPTY_EDITOR, text));

  it('knows commands at the beginning and paths behind an at sign', () => {
    expect([at('/he'), at('see @src/a'), at('@'), at('me@host'), at('a /he'), at('/he llo'), at('@a b')]).toEqual([
      { kind: 'command', from: 1, text: 'he' },
      { kind: 'path', from: 5, text: 'src/a' },
      { kind: 'path', from: 1, text: '' },
      null,
      null,
      null,
      null,
    ]);
  });

  it('offers commands, picks one and runs it', () => {
    const { field, model, acted } = world();
    field.insert('/h');
    expect([model().completion?.items, frameText(buildFrame(model())).join('\n').includes('/help')]).toEqual([
      ['help'],
      true,
    ]);
    field.runCommand({ word: 'h', rest: '' });
    expect([acted, model().editor.text, model().completion]).toEqual([['help'], '', null]);
  });

  it('says that there is no such command, and keeps what was typed', () => {
    const { field, model, acted } = world();
    field.insert('/nonsense');
    field.runCommand({ word: 'nonsense', rest: '' });
    expect([acted, model().message?.tone, model().editor.text]).toEqual([[], 'warn', '/nonsense']);
  });

  it('offers paths and goes on into folders', async () => {
    const asked: string[] = [];
    const completePath = (prefix: string): Promise<string[]> => {
      asked.push(prefix);
      return Promise.resolve(prefix === 's' ? ['src/', 'setup.md'] : ['src/app.ts']);
    };
    const { field, model, set } = world({ completePath });
    field.insert('fix @s');
    await settle();
    const popup = frameText(buildFrame(model())).join('\n');
    expect([popup.includes('@src/'), popup.includes('@setup.md')]).toEqual([true, true]);
    set(completionAction(model(), 'complete') ?? {});
    expect(model().editor.text).toBe('fix @src/');
    field.complete();
    await settle();
    set(completionAction(model(), 'complete') ?? {});
    expect([model().editor.text, asked, model().completion]).toEqual(['fix @src/app.ts ', ['s', 'src/'], null]);
  });

  it('does not offer what came too late', async () => {
    const late = Promise.withResolvers<string[]>();
    const { field, model } = world({ completePath: () => late.promise });
    field.insert('@s');
    field.insert(' ');
    late.resolve(['src/']);
    await settle();
    expect(model().completion).toBe(null);
  });

  it('moves with the arrows only while it is shown', () => {
    const shown = { ...modelOf([]), completion: completionOf('command', 1, ['help', 'quit']) };
    const down = completionAction(shown, 'edit-down')?.completion;
    expect([down?.pick, completionAction({ ...shown, completion: null }, 'edit-down')]).toEqual([1, null]);
    expect(completionAction(shown, 'leave-input')).toEqual({ completion: null });
  });

  it('offers no name that would do something to the terminal', () => {
    expect(completionOf('path', 0, ['a\x1b[2J', 'b'])?.items).toEqual(['b']);
  });
});

describe('earlier questions', () => {
  it('come before those of this session', async () => {
    const { field, model } = world({ loadHistory: () => Promise.resolve(['old one', 'old two']) });
    await field.loadHistory();
    const up = moveCursor(model().editor, 'up');
    expect([up.text, moveCursor(up, 'up').text, moveCursor(up, 'down').text]).toEqual(['old two', 'old one', '']);
  });
});

describe("the user's own editor", () => {
  it('gets the whole text and gives a new one', async () => {
    const seen: string[] = [];
    const { field, model } = world({}, (text) => {
      seen.push(text);
      return Promise.resolve('better\nquestion');
    });
    field.insert('draft');
    await field.editOutside();
    expect([seen, model().editor.text]).toEqual([['draft'], 'better\nquestion']);
  });

  it('leaves the text where it fails, and says why', async () => {
    const { field, model } = world({}, () => Promise.reject(new Error('The editor vi could not be started.')));
    field.insert('draft');
    await field.editOutside();
    expect([model().editor.text, model().message]).toEqual([
      'draft',
      { tone: 'err', text: 'The editor vi could not be started.' },
    ]);
  });

  it('is missed with a word', async () => {
    const { field, model } = world();
    await field.editOutside();
    expect(model().message?.text).toBe('No editor can be opened from here.');
  });
});
