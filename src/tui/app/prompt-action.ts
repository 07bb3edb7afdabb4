import { insertText, type EditorState } from '../input/editor.ts';
import type { ActionId } from '../input/keymap.ts';
import { commandsOf, matchingCommands, type PaletteCommand } from '../view/commands.ts';
import type { Listeners, Model } from '../view/model.ts';
import { openPrompt, type Prompt } from '../view/prompt.ts';
import { modelRows } from '../view/setup-models.ts';
import { editorAfter } from './edit-action.ts';
import { nextMatch } from './search.ts';
import { runPickerAction } from './run-picker.ts';
import { sessionAction } from './session-action.ts';
import { viewAction } from './view-action.ts';

/** What an action changes in the line that is typed, or what opens such a line; null for any other action. Pure. */
export function promptAction(model: Model, action: ActionId): Partial<Model> | null {
  const { prompt } = model;
  if (prompt) {
    const editor = editorAfter(prompt.editor, action);
    if (editor) return withText(model, prompt, editor);
  }
  switch (action) {
    case 'filter':
      return { prompt: openPrompt('filter', filterOf(model)) };
    case 'search':
    case 'search-all':
      return { prompt: openPrompt(action) };
    case 'palette':
      return { prompt: openPrompt('palette') };
    case 'save':
      if (!model.run?.state?.final) return { message: { tone: 'info', text: 'There is no final answer to save yet.' } };
      return { prompt: openPrompt('save', 'answer.md') };
    case 'message':
    case 'message-all':
      if (!model.isRunActive) return { message: { tone: 'info', text: 'No run is going that could hear you.' } };
      return { isEditing: true, fieldFor: action === 'message' ? focusedListener(model) : 'all' };
    case 'next-match':
      return nextMatch(model, 1);
    case 'previous-match':
      return nextMatch(model, -1);
    case 'prompt-next':
    case 'prompt-previous':
      // Beside a filter the arrows move in the list that it makes shorter.
      if (prompt?.kind === 'filter' && model.runPicker) {
        return runPickerAction(model, action === 'prompt-next' ? 'run-next' : 'run-previous');
      }
      if (prompt?.kind === 'filter' && model.view === 'picker') {
        return viewAction(model, action === 'prompt-next' ? 'pick-next' : 'pick-previous');
      }
      if (prompt?.kind === 'filter' && model.view === 'sessions') {
        return sessionAction(model, action === 'prompt-next' ? 'list-next' : 'list-previous');
      }
      if (action === 'prompt-previous')
        return prompt ? { prompt: { ...prompt, pick: Math.max(0, prompt.pick - 1) } } : {};
      return prompt ? { prompt: { ...prompt, pick: Math.min(prompt.pick + 1, foundIn(model, prompt) - 1) } } : {};
    case 'prompt-cancel':
      return prompt?.kind === 'filter' ? { ...withFilter(model, ''), prompt: null } : { prompt: null };
    default:
      return null;
  }
}

/** The agent in front. */
export function focusedListener({ run, focus }: Model): Listeners {
  const agent = run?.panes[focus];
  return agent === undefined ? 'all' : { agent };
}

/** The line after text was typed into it, or pasted: line breaks become spaces. */
export function typedInPrompt(model: Model, text: string): Partial<Model> {
  const { prompt } = model;
  if (!prompt) return {};
  return withText(model, prompt, insertText(prompt.editor, text.replaceAll(/\s*\n\s*/g, ' ')));
}

/** The search that begins with this line. */
export function startSearch(model: Model, text: string, isAll: boolean): Partial<Model> {
  if (text.trim() === '') return { search: null };
  const search = { text, isAll, at: null };
  return { search, ...nextMatch({ ...model, search }, 1) };
}

/** The picked command of the palette. */
export function pickedCommand(model: Model): PaletteCommand | null {
  const { prompt } = model;
  if (prompt?.kind !== 'palette') return null;
  const found = matchingCommands(commandsOf(model), prompt.editor.text);
  return found[Math.min(prompt.pick, found.length - 1)] ?? null;
}

function foundIn(model: Model, prompt: Prompt): number {
  if (prompt.kind === 'model') return Math.max(1, modelRows(model, prompt.editor.text).length);
  return Math.max(1, matchingCommands(commandsOf(model), prompt.editor.text).length);
}

function withText(model: Model, prompt: Prompt, editor: EditorState): Partial<Model> {
  const pick = editor.text === prompt.editor.text ? prompt.pick : 0;
  const change = prompt.kind === 'filter' ? withFilter(model, editor.text) : {};
  return { ...change, prompt: { ...prompt, editor, pick } };
}

function filterOf(model: Model): string {
  if (model.runPicker) return model.runPicker.filter;
  if (model.view === 'picker') return model.teamFilter;
  if (model.view === 'sessions') return model.sessions?.filter ?? '';
  return model.view === 'events' ? model.browse.events.filter : model.timeline.filter;
}

/** A filter works while it is typed. */
function withFilter(model: Model, filter: string): Partial<Model> {
  if (model.runPicker) return { runPicker: { ...model.runPicker, filter, pick: 0 } };
  if (model.view === 'picker') return { teamFilter: filter, picked: 0 };
  if (model.view === 'sessions') return { sessions: model.sessions && { ...model.sessions, filter, pick: 0, top: 0 } };
  if (model.view === 'events') {
    return { browse: { ...model.browse, events: { ...model.browse.events, filter, pick: null, top: 0 } } };
  }
  return { timeline: { ...model.timeline, filter, pick: null } };
}
