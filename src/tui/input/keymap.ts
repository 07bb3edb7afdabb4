/**
 * The one table of keys. The dispatcher, the footer, the help overlay and `docs/keys.md` are made from it.
 */
export type Context =
  | 'dialog'
  | 'help'
  | 'input'
  | 'prompt'
  | 'themes'
  | 'approval'
  | 'question'
  | 'reply'
  | 'runs'
  | 'picker'
  | 'replay'
  | 'select'
  | 'setup'
  | 'sessions'
  | 'turns'
  | 'delete'
  | RunScreen
  | 'home'
  | 'any';
/** The screens of a run. */
export type RunScreen =
  | 'panes'
  | 'timeline'
  | 'final'
  | 'answers'
  | 'ballots'
  | 'events'
  | 'files'
  | 'changes'
  | 'cost'
  | 'context'
  | 'inspect'
  | 'status'
  | 'config';

export type ActionId = (typeof KEYMAP)[number]['id'];

interface Binding {
  id: string;
  /** Names as the tokenizer gives them. */
  keys: readonly string[];
  /** How the keys are written for people. */
  label: string;
  help: string;
  /** A word for the footer; without one the key does not stand there. */
  footer?: string;
  contexts: readonly Context[];
  section:
    | 'Move'
    | 'Scroll'
    | 'Replay'
    | 'Views'
    | 'Find'
    | 'Run'
    | 'Question'
    | 'Typing'
    | 'Teams'
    | 'Set-up'
    | 'Sessions'
    | 'Dialog'
    | 'Requests';
}

const RUN: readonly RunScreen[] = [
  'panes',
  'timeline',
  'final',
  'answers',
  'ballots',
  'events',
  'files',
  'changes',
  'cost',
  'context',
  'inspect',
  'status',
  'config',
];
const SCROLLED: readonly Context[] = [...RUN, 'help', 'select'];
const FIELDS: readonly Context[] = ['input', 'prompt', 'reply'];
/** Screens with a text to select rows of, whose `v` is free. */
const SELECTED: readonly Context[] = RUN.filter((screen) => screen !== 'timeline' && screen !== 'answers');
const READ: readonly Context[] = [...SCROLLED, 'approval'];
const CALM: readonly Context[] = [...RUN, 'home', 'picker', 'help'];
const LISTS: readonly Context[] = ['sessions', 'turns'];
const DETAILED: readonly Context[] = [...LISTS, 'picker', 'setup'];
const ALL_CALM: readonly Context[] = [...CALM, 'setup', ...LISTS];

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

export const KEYMAP = [
  bind(
    'focus-number',
    ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
    '1-9',
    'focus agent 1 to 9',
    'Move',
    ['panes', 'context'],
    'focus',
  ),
  bind('focus-next', ['tab'], 'Tab', 'next agent', 'Move', ['panes', 'context'], 'next'),
  bind('focus-previous', ['shift+tab'], 'S-Tab', 'previous agent', 'Move', ['panes', 'context']),
  bind('zoom', ['enter'], 'Enter', 'one agent on the whole screen, or all', 'Move', ['panes'], 'zoom'),
  bind('split', ['|'], '|', 'two agents beside each other, or all', 'Move', ['panes']),
  bind('larger', ['+', '='], '+', 'fewer agents at once, larger', 'Move', ['panes']),
  bind('smaller', ['_', '-'], '_', 'more agents at once, smaller', 'Move', ['panes']),
  bind('back', ['escape'], 'Esc', 'back: close, unzoom, follow again', 'Move', SCROLLED, 'back'),

  bind('scroll-down', ['j', 'down', 'wheeldown'], 'j ↓', 'one line down', 'Scroll', READ, 'scroll'),
  bind('scroll-up', ['k', 'up', 'wheelup'], 'k ↑', 'one line up', 'Scroll', READ),
  bind('half-down', ['ctrl+d'], '^D', 'half a page down', 'Scroll', [...READ, 'question']),
  bind('half-up', ['ctrl+u'], '^U', 'half a page up', 'Scroll', [...READ, 'question']),
  bind('page-down', ['space', 'pagedown'], 'Space PgDn', 'a page down', 'Scroll', READ),
  bind('page-up', ['b', 'pageup'], 'b PgUp', 'a page up', 'Scroll', READ),
  bind('top', ['g', 'home'], 'g Home', 'to the beginning', 'Scroll', READ),
  bind('bottom', ['G', 'end'], 'G End', 'to the end', 'Scroll', READ),
  bind('follow', ['f'], 'f', 'follow the newest text on or off', 'Scroll', ['panes', 'timeline'], 'follow'),

  bind('zoom-in', ['>', '+'], '>', 'timeline: finer scale', 'Move', ['timeline'], 'zoom'),
  bind('zoom-out', ['<', '-'], '<', 'timeline: coarser scale', 'Move', ['timeline']),
  bind('pan-left', ['h', 'left'], 'h ←', 'timeline: earlier', 'Move', ['timeline'], 'pan'),
  bind('pan-right', ['l', 'right'], 'l →', 'timeline: later', 'Move', ['timeline']),
  bind('open-moment', ['enter'], 'Enter', 'timeline: this moment in its pane', 'Move', ['timeline'], 'open'),

  bind('play', ['space', 'P'], 'Space P', 'play or pause', 'Replay', ['replay'], 'play'),
  bind('step-forward', ['.'], '.', 'one event on', 'Replay', ['replay'], 'step'),
  bind('step-back', [','], ',', 'one event back', 'Replay', ['replay'], 'back'),
  bind('next-moment', ['}'], '}', 'to the next answer, vote or decision', 'Replay', ['replay'], 'next vote'),
  bind('previous-moment', ['{'], '{', 'to the one before', 'Replay', ['replay']),
  bind('scrub-forward', ['right'], '→', 'a fortieth of the run later', 'Replay', ['replay'], 'scrub'),
  bind('scrub-back', ['left'], '←', 'a fortieth of the run earlier', 'Replay', ['replay']),
  bind('faster', [']'], ']', 'twice as fast', 'Replay', ['replay'], 'faster'),
  bind('slower', ['['], '[', 'half as fast', 'Replay', ['replay']),

  bind('toggle-reasoning', ['r'], 'r', 'show or fold what agents thought', 'Views', ['panes'], 'thoughts'),
  bind('toggle-tools', ['X'], 'X', 'show or fold what tools got and gave', 'Views', ['panes']),
  bind('toggle-plan', ['L'], 'L', 'list or fold the tasks of plans', 'Views', ['panes']),
  bind('timeline', ['T'], 'T', 'timeline, and back', 'Views', RUN, 'timeline'),
  bind('answer', ['A'], 'A', 'final answer, and back', 'Views', RUN, 'answer'),
  bind('answers', ['N'], 'N', 'every answer version, and back', 'Views', RUN),
  bind('diff', ['d'], 'd', 'answers, files: what changed', 'Views', ['answers', 'files'], 'diff'),
  bind('compare', ['='], '=', 'answers, files: compare others', 'Views', ['answers', 'files'], 'compare'),
  bind(
    'next-tab',
    ['tab'],
    'Tab',
    'answer, votes, files, cost: the next',
    'Move',
    ['final', 'ballots', 'changes', 'cost'],
    'next',
  ),
  bind('previous-tab', ['shift+tab'], 'S-Tab', 'the one before', 'Move', ['final', 'ballots', 'changes', 'cost']),
  bind('changes', ['W'], 'W', 'what would change in your files', 'Views', RUN),
  bind('decide-files', ['enter'], 'Enter', 'changes: decide, with a comment', 'Run', ['changes'], 'decide'),
  bind('leave-out', ['x'], 'x', 'changes: leave this file out, or not', 'Run', ['changes'], 'leave out'),
  bind('send-back', ['c'], 'c', 'changes: what is to be different', 'Run', ['changes'], 'send back'),
  bind('leave-part', ['h'], 'h', 'changes: leave this part out, or not', 'Run', ['changes'], 'this part'),
  bind('next-part', ['n'], 'n', 'changes: the next part of the file', 'Move', ['changes'], 'next part'),
  bind('previous-part', ['p'], 'p', 'changes: the part before it', 'Move', ['changes']),
  bind('undo-files', ['u'], 'u', 'changes: bring back what was there', 'Run', ['changes'], 'undo'),
  bind('files', ['F'], 'F', 'files of the answers, and back', 'Views', RUN),
  bind('next-files', ['tab'], 'Tab', 'files: of the next answer', 'Move', ['files'], 'next'),
  bind('previous-files', ['shift+tab'], 'S-Tab', 'files: of the answer before', 'Move', ['files']),
  bind('vote-answer', ['v'], 'v', 'answers: your own vote for it', 'Run', ['answers'], 'vote'),
  bind('veto-answer', ['x'], 'x', 'answers: it must not win', 'Run', ['answers'], 'veto'),
  bind('choose-answer', ['w'], 'w', 'answers: it wins; asks twice', 'Run', ['answers']),
  bind('ballots', ['V'], 'V', 'ballots and the result, and back', 'Views', RUN),
  bind('cost', ['$'], '$', 'cost and usage, and back', 'Views', RUN),
  bind('context', ['C'], 'C', 'what an agent is sent, and back', 'Views', RUN),
  bind('events', ['E'], 'E', 'every event of the run, and back', 'Views', RUN),
  bind('status', [], ':status', 'phase, agents, budgets, folder', 'Views', [...RUN, 'home']),
  bind('config', [], ':config', 'the team as it runs', 'Views', [...RUN, 'home']),
  bind('inspect', ['I'], 'I', 'this run in full; or question 2, all', 'Views', [...RUN, 'home']),
  bind('inspect-open', ['enter'], 'Enter', 'inspect: open what is picked', 'Views', ['inspect'], 'open'),
  bind('theme', ['t'], 't', 'dark or light theme', 'Views', CALM),
  bind('pick-theme', ['ctrl+t'], '^T', 'choose a theme and see it at once', 'Views', ALL_CALM),
  bind('help', ['?', 'f1'], '?', 'this list', 'Views', ALL_CALM),
  bind('mouse', ['m'], 'm', 'mouse on, or off to select text', 'Views', CALM),
  bind('redraw', ['ctrl+l'], '^L', 'draw the screen anew', 'Views', ['any']),

  bind('runs', ['O'], 'O', 'open an earlier run of this folder', 'Find', [...RUN, 'home']),
  bind('palette', [':', 'ctrl+p'], ': ^P', 'every command, by typing', 'Find', CALM, 'commands'),
  bind('search', ['/'], '/', 'find in this pane', 'Find', ['panes'], 'find'),
  bind('search-all', ['ctrl+f'], '^F', 'find in all panes', 'Find', ['panes']),
  bind('next-match', ['n'], 'n', 'next place that was found', 'Find', ['panes']),
  bind('previous-match', ['p'], 'p', 'place before it', 'Find', ['panes']),
  bind('filter', ['/'], '/', 'filter by words', 'Find', ['timeline', 'events', 'picker', 'sessions', 'runs'], 'filter'),
  bind('copy-block', ['y'], 'y', 'copy the newest text of this agent', 'Find', RUN),
  bind('select', ['v'], 'v', 'select rows to copy', 'Find', [...SELECTED, 'select']),
  bind('copy-selection', ['y', 'enter'], 'y', 'copy the selected rows', 'Find', ['select'], 'copy'),
  bind('open-text', ['o'], 'o', 'open all of it in $PAGER', 'Find', RUN),
  bind('copy-answer', ['Y'], 'Y', 'copy the final answer', 'Find', RUN),
  bind('save', ['s'], 's', 'save the final answer to a file', 'Find', RUN),

  bind('ask', ['i'], 'i', 'ask the team, or tell those at work', 'Run', [...RUN, 'home'], 'ask'),
  bind('open-ask', ['a'], 'a', 'decide or answer what agents ask', 'Run', RUN, 'answer'),
  bind('rate-up', ['+'], '+', 'answer: good; again takes it back', 'Run', ['final'], 'good'),
  bind('rate-down', ['-'], '-', 'answer: bad; again takes it back', 'Run', ['final'], 'bad'),
  bind('cancel', [], ':cancel', 'cancel the run', 'Run', RUN),
  bind('answer-now', ['!'], '!', 'answer now: no further round', 'Run', RUN),
  bind('message', ['@'], '@', 'tell the focused agent something', 'Run', RUN),
  bind('message-all', ['M'], 'M', 'tell all agents something', 'Run', RUN),
  bind('reset', [], ':reset', 'begin a new session', 'Run', [...RUN, 'home']),
  bind('stop', ['q'], 'q', 'cancel the run; leave if none goes', 'Run', ALL_CALM, 'quit'),
  bind('quit', [], ':quit', 'leave; asks while a run is going', 'Run', ALL_CALM),
  bind('interrupt', ['ctrl+c'], '^C', 'cancel the run; twice: leave at once', 'Run', ['any']),
  bind('suspend', ['ctrl+z'], '^Z', 'put the program to sleep; fg wakes it', 'Run', ['any']),

  bind('send', ['enter'], 'Enter', 'send the question', 'Question', ['input'], 'send'),
  bind(
    'newline',
    ['ctrl+j', 'alt+enter', 'shift+enter'],
    '^J Alt-Enter',
    'new line',
    'Question',
    ['input', 'reply'],
    'new line',
  ),
  bind('complete', ['tab'], 'Tab', 'complete a /command or an @path', 'Question', ['input']),
  bind('edit-outside', ['ctrl+g'], '^G', 'write in $EDITOR', 'Question', FIELDS, 'editor'),
  bind('leave-input', ['escape'], 'Esc', 'leave the question; its text stays', 'Question', ['input'], 'leave'),
  bind('edit-up', ['up', 'ctrl+p'], '↑ ^P', 'line up, then earlier questions', 'Question', ['input'], 'earlier'),
  bind('edit-down', ['down', 'ctrl+n'], '↓ ^N', 'line down, then later questions', 'Question', ['input']),
  bind('edit-left', ['left', 'ctrl+b'], '← ^B', 'one character left', 'Typing', FIELDS),
  bind('edit-right', ['right', 'ctrl+f'], '→ ^F', 'one character right', 'Typing', FIELDS),
  bind('edit-word-left', ['alt+b', 'ctrl+left', 'alt+left'], 'Alt-B', 'one word left', 'Typing', FIELDS),
  bind('edit-word-right', ['alt+f', 'ctrl+right', 'alt+right'], 'Alt-F', 'one word right', 'Typing', FIELDS),
  bind('edit-line-start', ['home', 'ctrl+a'], 'Home ^A', 'beginning of the line', 'Typing', FIELDS),
  bind('edit-line-end', ['end', 'ctrl+e'], 'End ^E', 'end of the line', 'Typing', FIELDS),
  bind('delete-left', ['backspace', 'ctrl+h'], 'Backspace', 'delete the character before', 'Typing', FIELDS),
  bind('delete-right', ['delete', 'ctrl+d'], 'Del ^D', 'delete the character after', 'Typing', FIELDS),
  bind('delete-word', ['ctrl+w', 'alt+backspace'], '^W', 'delete the word before', 'Typing', FIELDS),
  bind('delete-line-start', ['ctrl+u'], '^U', 'delete to the beginning of the line', 'Typing', FIELDS),
  bind('delete-line-end', ['ctrl+k'], '^K', 'delete to the end of the line', 'Typing', FIELDS),

  bind('accept', ['enter'], 'Enter', 'accept the line', 'Typing', ['prompt'], 'accept'),
  bind('prompt-cancel', ['escape'], 'Esc', 'leave the line', 'Typing', ['prompt'], 'cancel'),
  bind('prompt-next', ['down', 'ctrl+n', 'tab'], '↓ ^N', 'next command of the palette', 'Typing', ['prompt']),
  bind('prompt-previous', ['up', 'ctrl+p', 'shift+tab'], '↑ ^P', 'command before it', 'Typing', ['prompt']),

  bind('pick-next', ['down', 'j', 'tab', 'wheeldown'], '↓ j', 'next team', 'Teams', ['picker'], 'choose'),
  bind('pick-previous', ['up', 'k', 'shift+tab', 'wheelup'], '↑ k', 'previous team', 'Teams', ['picker']),
  bind('pick', ['enter'], 'Enter', 'take this team', 'Teams', ['picker'], 'take'),
  bind('leave-picker', ['escape'], 'Esc', 'keep the team that was', 'Teams', ['picker'], 'back'),

  bind('turns', ['H'], 'H', 'earlier questions of this session', 'Run', [...RUN, 'home', 'sessions']),
  bind('sessions', ['R'], 'R', 'sessions: go on, branch, rename', 'Run', [...RUN, 'home']),
  bind('list-next', ['down', 'j', 'wheeldown'], '↓ j', 'next row', 'Sessions', LISTS, 'choose'),
  bind('list-previous', ['up', 'k', 'wheelup'], '↑ k', 'row before', 'Sessions', LISTS),
  bind('list-down', ['space', 'pagedown', 'ctrl+d'], 'Space PgDn', 'details: a page down', 'Sessions', DETAILED),
  bind('list-up', ['b', 'pageup', 'ctrl+u'], 'b PgUp', 'details: a page up', 'Sessions', DETAILED),
  bind('session-continue', ['enter'], 'Enter', 'go on with this session', 'Sessions', ['sessions'], 'go on'),
  bind('open-turn', ['enter'], 'Enter', 'open the run of this question', 'Sessions', ['turns'], 'open'),
  bind('session-fork', ['f'], 'f', 'branch off this session', 'Sessions', ['sessions'], 'branch'),
  bind('session-rename', ['r'], 'r', 'give this session a name', 'Sessions', ['sessions'], 'rename'),
  bind('session-delete', ['x'], 'x', 'delete this session; asks', 'Sessions', ['sessions'], 'delete'),
  bind('leave-list', ['escape'], 'Esc', 'back', 'Sessions', LISTS, 'back'),
  bind('delete-yes', ['y'], 'y', 'yes, delete it for good', 'Sessions', ['delete'], 'delete'),
  bind('delete-no', ['n', 'escape', 'enter'], 'n Esc', 'no, keep it', 'Sessions', ['delete'], 'keep'),

  bind('teams', ['S'], 'S', 'choose another team', 'Run', [...RUN, 'home']),
  bind('open-setup', [], ':setup', 'set up keys and a team', 'Run', [...RUN, 'home', 'picker']),
  bind('setup-next', ['down', 'j', 'wheeldown'], '↓ j', 'next row', 'Set-up', ['setup'], 'choose'),
  bind('setup-previous', ['up', 'k', 'wheelup'], '↑ k', 'row before', 'Set-up', ['setup']),
  bind('setup-take', ['enter'], 'Enter', 'type a key; choose a model; save', 'Set-up', ['setup'], 'take'),
  bind('setup-forward', ['tab'], 'Tab', 'next step', 'Set-up', ['setup'], 'next'),
  bind('setup-backward', ['shift+tab', 'escape'], 'Esc', 'step before, or leave', 'Set-up', ['setup'], 'back'),
  bind('setup-model-next', ['right', 'l'], '→ l', 'next model', 'Set-up', ['setup']),
  bind('setup-model-previous', ['left', 'h'], '← h', 'model before', 'Set-up', ['setup']),
  bind('setup-add', ['+', '='], '+', 'one more agent', 'Set-up', ['setup']),
  bind('setup-remove', ['-', 'delete'], '-', 'take this agent away', 'Set-up', ['setup']),
  bind('setup-test', ['t'], 't', 'test with one tiny request', 'Set-up', ['setup'], 'test'),
  bind('setup-place', ['p'], 'p', 'another place for keys', 'Set-up', ['setup']),
  bind('setup-demo', ['d'], 'd', 'the built-in team, without keys', 'Set-up', ['setup'], 'demo'),

  bind('run-next', ['down', 'j', 'tab', 'wheeldown'], '↓ j', 'next run', 'Dialog', ['runs'], 'choose'),
  bind('run-previous', ['up', 'k', 'shift+tab', 'wheelup'], '↑ k', 'previous run', 'Dialog', ['runs']),
  bind('open-run', ['enter'], 'Enter', 'open this run', 'Dialog', ['runs'], 'open'),
  bind('leave-runs', ['escape', 'q'], 'Esc', 'leave the list of runs', 'Dialog', ['runs'], 'back'),

  bind('theme-next', ['down', 'j', 'tab', 'wheeldown'], '↓ j', 'next theme', 'Dialog', ['themes'], 'choose'),
  bind('theme-previous', ['up', 'k', 'shift+tab', 'wheelup'], '↑ k', 'previous theme', 'Dialog', ['themes']),
  bind('take-theme', ['enter'], 'Enter', 'take this theme', 'Dialog', ['themes'], 'take'),
  bind('leave-themes', ['escape', 'q'], 'Esc', 'keep the theme that was', 'Dialog', ['themes'], 'as it was'),

  bind('allow-once', ['a'], 'a', 'allow this call once', 'Requests', ['approval'], 'allow once'),
  bind('allow-run', ['r'], 'r', 'allow such calls in this run', 'Requests', ['approval'], 'run'),
  bind('allow-session', ['s'], 's', 'allow such calls in this session', 'Requests', ['approval'], 'session'),
  bind('allow-always', ['w'], 'w', 'allow such calls always', 'Requests', ['approval'], 'always'),
  bind('edit-call', ['e'], 'e', 'change the command, allow it once', 'Requests', ['approval'], 'edit'),
  bind('deny', ['d', 'enter'], 'd Enter', 'deny the call', 'Requests', ['approval'], 'deny'),
  bind('deny-why', ['n'], 'n', 'deny the call and say why', 'Requests', ['approval'], 'deny, why'),
  bind('option-next', ['down', 'j', 'wheeldown'], '↓ j', 'next option', 'Requests', ['question'], 'choose'),
  bind('option-previous', ['up', 'k', 'wheelup'], '↑ k', 'option before it', 'Requests', ['question']),
  bind('pick-option', DIGITS, '1-9', 'pick option 1 to 9', 'Requests', ['question']),
  bind('mark-option', ['space'], 'Space', 'mark an option, where several count', 'Requests', ['question'], 'mark'),
  bind(
    'send-reply',
    ['enter'],
    'Enter',
    'send the answer, denial or command',
    'Requests',
    ['question', 'reply'],
    'send',
  ),
  bind('type-reply', ['t', 'tab'], 't Tab', 'answer in words', 'Requests', ['question'], 'words'),
  bind('skip-question', ['ctrl+x'], '^X', 'skip the question', 'Requests', ['question', 'reply'], 'skip'),
  bind('leave-reply', ['escape'], 'Esc', 'stop typing; the text stays', 'Requests', ['reply'], 'back'),
  bind('ask-next', [']'], ']', 'the next request', 'Requests', ['approval', 'question']),
  bind('ask-previous', ['['], '[', 'the request before it', 'Requests', ['approval', 'question']),
  bind('ask-later', ['escape'], 'Esc', 'decide or answer later', 'Requests', ['approval', 'question'], 'later'),

  bind('confirm', ['y', 'q', 'enter'], 'y q', 'yes, leave and cancel the run', 'Dialog', ['dialog'], 'leave'),
  bind('refuse', ['n', 'escape'], 'n Esc', 'no, stay', 'Dialog', ['dialog'], 'stay'),
] as const;

function bind<const I extends string>(
  id: I,
  keys: readonly string[],
  label: string,
  help: string,
  section: Binding['section'],
  contexts: readonly Context[],
  footer?: string,
): Binding & { id: I } {
  return { id, keys, label, help, section, contexts, ...(footer === undefined ? {} : { footer }) };
}

/** The table with the user's own keys in it. */
export type Keymap = readonly (Omit<Binding, 'id'> & { id: ActionId })[];

/** What a key does in a context; null if nothing. */
export function actionFor(context: Context, key: string, keymap: Keymap = KEYMAP): ActionId | null {
  const found =
    keymap.find((b) => b.contexts.includes(context) && b.keys.includes(key)) ??
    keymap.find((b) => b.contexts.includes('any') && b.keys.includes(key));
  return found?.id ?? null;
}

type FooterBindings = readonly { id: ActionId; label: string; footer: string }[];
/** Every picture asks for them, and a keymap never changes. */
const FOOTERS = new WeakMap<Keymap, Map<Context, FooterBindings>>();

/** The bindings of a context that have a word for the footer. */
export function footerBindings(context: Context, keymap: Keymap = KEYMAP): FooterBindings {
  let known = FOOTERS.get(keymap);
  if (!known) FOOTERS.set(keymap, (known = new Map()));
  let found = known.get(context);
  if (!found) {
    const all = keymap.flatMap((b) =>
      b.contexts.includes(context) && b.footer !== undefined && b.keys.length > 0
        ? [{ id: b.id, label: b.label, footer: b.footer }]
        : [],
    );
    // The way out stands last, after what one came for.
    known.set(context, (found = all.toSorted((a, b) => Number(a.id === 'stop') - Number(b.id === 'stop'))));
  }
  return found;
}

/** Footer keys that give way where the row is too short, the first one first: the help has them. */
export const FOOTER_OPTIONAL: readonly ActionId[] = [
  'toggle-reasoning',
  'scroll-down',
  'faster',
  'step-back',
  'follow',
  'focus-next',
  'compare',
  'veto-answer',
  'pan-left',
  'search',
  'ask',
  'zoom-in',
  'vote-answer',
  'back',
];

export interface HelpSection {
  title: string;
  rows: { label: string; help: string; id: ActionId }[];
}

/** All bindings by section, in the order of the table. */
export function helpSections(keymap: Keymap = KEYMAP): HelpSection[] {
  const sections: HelpSection[] = [];
  for (const b of keymap) {
    let section = sections.find((s) => s.title === b.section);
    if (!section) sections.push((section = { title: b.section, rows: [] }));
    section.rows.push({ label: b.label, help: b.help, id: b.id });
  }
  return sections;
}

const OWN_KEYS = `## Keys of your own

\`~/.config/massgen/keys.yaml\` (or \`$XDG_CONFIG_HOME/massgen/keys.yaml\`) gives actions other keys. Help, footer and palette
then show yours.

\`\`\`yaml
timeline: ctrl+y         # instead of T
page-down: [pagedown, J] # several
mouse: []                # none; the palette still has it
\`\`\`

A key is one character (\`G\` is Shift+G) or a name: \`up\`, \`down\`, \`left\`, \`right\`, \`enter\`, \`escape\`, \`space\`,
\`tab\`, \`backspace\`, \`delete\`, \`insert\`, \`home\`, \`end\`, \`pageup\`, \`pagedown\`, \`f1\` to \`f12\`; in front of it may
stand \`ctrl+\`, \`alt+\` and, before names, \`shift+\`. An action has the keys of the file and no others. A key that would mean
two things in one place, an action or a key that does not exist, and a character where characters are typed are errors, with
file, line and the nearest name. \`interrupt\` and the digits stay as they are.
`;

/** The text of `docs/keys.md`. */
export function keysDocument(): string {
  const parts = helpSections().map(({ title, rows }) => {
    const body = rows.map((row) => `| \`${row.label}\` | ${row.help} | \`${row.id}\` |`).join('\n');
    return `## ${title}\n\n| Key | What it does | Action |\n| --- | --- | --- |\n${body}\n`;
  });
  return `# Keys\n\n<!-- Made from src/tui/input/keymap.ts: UPDATE_DOCS=1 npx vitest run test/tui/keymap.test.ts -->\n\n\`^X\` is Ctrl+X, \`S-Tab\` is Shift+Tab.\n\n${OWN_KEYS}\n${parts.join('\n')}`;
}
