import { KEYWORDS, ShellValues, type Feeds } from './shell-values.ts';

/** What a shell would make of a text, as far as that can be seen without running it. */
export interface ShellScan {
  /** Words of each simple command, quotes taken off, in the order of the text. */
  commands: string[][];
  /** Files that output is sent to. */
  written: string[];
  /** Files that are read as input. */
  read: string[];
  /** Texts that stand in the command itself as the input of a program: `<<END`, `<<<`. */
  documents: { text: string; isQuoted: boolean }[];
  /** Texts that the shell would run to get at a word: `$(…)`, backquotes, `<(…)`. */
  inner: string[];
  /** Part of it cannot be known before it runs. */
  isOpaque: boolean;
}

/**
 * Splits a text as `sh` would; `given` is what it gets as `$0`, `$1` and so on. A word that may be one of several is all of them.
 * Never throws; what is not closed reaches to the end. Takes a time linear in the text.
 */
export function scanShell(text: string, given: readonly string[] = []): ShellScan {
  return scanTo(text, given, MOST_LEVELS);
}

function scanTo(text: string, given: readonly string[], levels: number): ShellScan {
  const first = new Scanner(text, { read: [], positional: [...given] });
  const result = first.scan();
  if (!/\b(read|mapfile|readarray|set|function)\b|\(\s*\)/.test(text)) return result;
  // What is read, and what functions are given, may stand behind the place where it is used.
  if (levels > 0) {
    for (const inner of result.inner) {
      for (const words of scanTo(inner, [], levels - 1).commands) first.values.note(words);
    }
  }
  for (const document of result.documents) first.values.noteText(document.text);
  return new Scanner(text, first.values.found).scan();
}

const NAME = /^(?:[A-Za-z_][A-Za-z0-9_]*|[0-9@*])/;
const MOST_WORDS = 64;
/** How deep commands in commands are looked at for what they feed to the outer one. */
const MOST_LEVELS = 3;
/** Of all words together: what each may be besides one thing. */
const MOST_MORE = 1_000;
const DOCUMENT_END = /^[ \t]*((?:\\.|'[^'\n]*'|"[^"\n]*"|[^\s'"\\;&|<>()])+)/;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '', b: '', e: '', f: ' ', v: ' ' };

class Scanner {
  readonly #text: string;
  readonly #result: ShellScan = {
    commands: [],
    written: [],
    read: [],
    documents: [],
    inner: [],
    isOpaque: false,
  };
  readonly values: ShellValues;
  #at = 0;
  #words: string[] = [];
  /** All that the first word may be, where that is more than one. */
  #programs: readonly string[] = [];
  /** All that it may be. */
  #word: readonly string[] | null = null;
  #isInQuotes = false;
  #more = MOST_MORE;
  /** The next word is a file that is written, or read, or the input itself. */
  #redirect: 'write' | 'read' | 'text' | null = null;
  /** A number after it is a stream, as in `2>&1`, and no file. */
  #mayBeStream = false;
  /** Documents that begin with the next line, by the line that ends each. */
  #awaited: { end: string; isQuoted: boolean; isIndented: boolean }[] = [];

  constructor(text: string, feeds: Feeds) {
    this.#text = text;
    this.values = new ShellValues(text, feeds);
  }

  scan(): ShellScan {
    while (this.#at < this.#text.length) this.#step();
    this.#endCommand();
    return this.#result;
  }

  #step(): void {
    const char = this.#text[this.#at] ?? '';
    switch (char) {
      case ' ':
      case '\t':
      case '\r':
        this.#at += 1;
        return this.#endWord();
      case '\n':
      case ';':
      case '|':
      case '&':
      case ')':
        return this.#endsCommand(char);
      case '(':
        this.#at += 1;
        return this.#endCommand();
      case '#':
        if (this.#word !== null) return this.#take(char);
        this.#at = indexOrEnd(this.#text, '\n', this.#at);
        return;
      case "'":
        return this.#takeQuoted();
      case '"':
        return this.#takeDoubleQuoted();
      case '\\':
        return this.#takeEscaped();
      case '`':
        return this.#takeBackquoted();
      case '$':
        return this.#takeDollar();
      case '<':
      case '>':
        return this.#takeRedirect(char);
      default:
        return this.#take(char);
    }
  }

  #take(text: string): void {
    this.#add(text);
    this.#at += 1;
  }

  #add(...texts: readonly string[]): void {
    const begun = this.#word ?? [''];
    this.#word = texts.flatMap((text) => begun.map((start) => start + text)).slice(-MOST_WORDS);
  }

  /** `&>` and `>&` send output to a file; any other `&` ends a command. */
  #endsCommand(char: string): void {
    this.#at += 1;
    if (char === '&' && this.#text[this.#at] === '>') return this.#endWord();
    this.#endCommand();
    if (char === '\n') this.#takeDocuments();
  }

  #takeDocuments(): void {
    for (const { end, isQuoted, isIndented } of this.#awaited.splice(0)) {
      const lines: string[] = [];
      let isEnded = false;
      while (this.#at < this.#text.length && !isEnded) {
        const stop = indexOrEnd(this.#text, '\n', this.#at);
        const line = this.#text.slice(this.#at, stop);
        this.#at = stop + 1;
        isEnded = (isIndented ? line.replace(/^\t+/, '') : line) === end;
        if (!isEnded) lines.push(line);
      }
      const text = lines.join('\n');
      this.#result.documents.push({ text, isQuoted });
      // Where its end is not found it may have another one, and commands behind that.
      if (!isEnded) this.#result.inner.push(text);
    }
  }

  /** The word after `<<`, which ends the document; quotes in it say that the document is taken as it is. */
  #awaitDocument(isIndented: boolean): void {
    const [whole = '', word = ''] = DOCUMENT_END.exec(this.#text.slice(this.#at, this.#at + 200)) ?? [];
    if (word === '') return;
    this.#at += whole.length;
    const end = word.replaceAll(/\\(.)|['"]/g, '$1');
    this.#awaited.push({ end, isQuoted: end !== word, isIndented });
  }

  #takeQuoted(): void {
    const end = this.#closing("'", this.#at + 1);
    this.#add(this.#text.slice(this.#at + 1, end));
    this.#at = end + 1;
  }

  #takeDoubleQuoted(): void {
    this.#add('');
    this.#at += 1;
    this.#isInQuotes = true;
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"') {
      const char = this.#text[this.#at] ?? '';
      if (char === '\\') this.#takeEscaped();
      else if (char === '`') this.#takeBackquoted();
      else if (char === '$' && this.#text[this.#at + 1] !== "'") this.#takeDollar();
      else this.#take(char);
    }
    this.#isInQuotes = false;
    if (this.#at >= this.#text.length) this.#result.isOpaque = true;
    this.#at += 1;
  }

  /** What is not closed is no whole command. */
  #closing(sign: string, from: number): number {
    const end = indexOrEnd(this.#text, sign, from);
    if (end === this.#text.length) this.#result.isOpaque = true;
    return end;
  }

  /** A line that goes on is one line. */
  #takeEscaped(): void {
    const next = this.#text[this.#at + 1] ?? '';
    if (next !== '\n') this.#add(next);
    this.#at += 2;
  }

  #takeBackquoted(): void {
    const end = this.#closing('`', this.#at + 1);
    this.#addInner(this.#text.slice(this.#at + 1, end));
    this.#at = end + 1;
  }

  #addInner(text: string): void {
    this.#result.inner.push(text);
    this.#result.isOpaque = true;
    this.#add('');
  }

  #takeDollar(): void {
    const next = this.#text[this.#at + 1];
    if (next === '(') return this.#takeParenthesis(this.#at + 2);
    if (next === "'") return this.#takeAnsiQuoted();
    if (next === '{') {
      const end = indexOrEnd(this.#text, '}', this.#at);
      const inside = this.#text.slice(this.#at + 2, end);
      this.#at = end + 1;
      const name = NAME.exec(inside)?.[0] ?? '';
      const rest = inside.slice(name.length);
      // What stands for another word may be run to get at it.
      if (rest !== '') this.#result.isOpaque = true;
      if (/\$\(|`/.test(rest)) this.#result.inner.push(rest);
      return this.#addVariable(name, rest.replace(/^:?[-+=]/, ''));
    }
    const name = NAME.exec(this.#text.slice(this.#at + 1, this.#at + 65))?.[0];
    // Without anything given, `$1` stays as it is.
    if (name === undefined || (/^[\d@*]/.test(name) && !this.values.of(name))) return this.#take('$');
    this.#at += 1 + name.length;
    this.#addVariable(name, '');
  }

  /** An unknown variable may be anything, also nothing, which is the most dangerous thing that it may be. */
  #addVariable(name: string, otherwise: string): void {
    if (name === 'IFS') return this.#endWord();
    if (name === 'HOME') return this.#add('~');
    const known = this.values.of(name);
    if (name === 'PWD' && !known) return this.#add('.');
    if (!known?.isSure) this.#result.isOpaque = true;
    if (!known) return this.#add(otherwise);
    const parts = this.#isInQuotes ? [] : known.values.flatMap((value) => value.split(/\s+/, MOST_WORDS));
    const all = [...new Set([...known.values, ...parts, ...(otherwise === '' ? [] : [otherwise])])];
    this.#more -= all.length - 1;
    if (this.#more < 0) this.#result.isOpaque = true;
    this.#add(...(this.#more < 0 ? all.slice(-1) : all));
  }

  #takeParenthesis(from: number): void {
    let depth = 1;
    let end = from;
    for (; end < this.#text.length && depth > 0; end += 1) {
      if (this.#text[end] === '(') depth += 1;
      if (this.#text[end] === ')') depth -= 1;
    }
    this.#addInner(this.#text.slice(from, depth === 0 ? end - 1 : end));
    this.#at = end;
  }

  #takeAnsiQuoted(): void {
    let end = this.#at + 2;
    while (end < this.#text.length && this.#text[end] !== "'") end += this.#text[end] === '\\' ? 2 : 1;
    const quoted = this.#text.slice(this.#at + 2, end);
    this.#add(
      quoted.replaceAll(
        /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|([0-7]{1,3})|(.))/gs,
        (_, hex, wide, octal, char) =>
          char === undefined
            ? String.fromCharCode(parseInt(String(hex ?? wide ?? octal), octal === undefined ? 16 : 8))
            : (ESCAPES[String(char)] ?? String(char)),
      ),
    );
    this.#at = end + 1;
  }

  #takeRedirect(char: '<' | '>'): void {
    if (this.#text[this.#at + 1] === '(') return this.#takeParenthesis(this.#at + 2);
    // The number of a stream is no word.
    if (/^\d$/.test(this.#word?.[0] ?? '')) this.#word = null;
    this.#endWord();
    let end = this.#at;
    while ('<>|&-'.includes(this.#text[end] ?? 'x')) end += 1;
    const sign = this.#text.slice(this.#at, end);
    this.#at = end;
    if (char === '<') this.#result.isOpaque = true;
    if (/^<<-?$/.test(sign)) return this.#awaitDocument(sign === '<<-');
    this.#mayBeStream = sign.endsWith('&');
    this.#redirect = char === '>' || sign.includes('>') ? 'write' : sign === '<<<' ? 'text' : 'read';
  }

  #endWord(): void {
    const all = this.#word;
    this.#word = null;
    if (all === null) return;
    const redirect = this.#redirect;
    this.#redirect = null;
    if (redirect === null) return this.#addWords(all);
    for (const word of all) {
      const isFile = word !== '' && !(this.#mayBeStream && /^\d$/.test(word));
      if (redirect === 'write' && isFile) this.#result.written.push(word);
      if (redirect === 'read' && isFile) this.#result.read.push(word);
      if (redirect === 'text') this.#result.documents.push({ text: word, isQuoted: true });
    }
  }

  #addWords(all: readonly string[]): void {
    // `function f { …`
    if (all[0] === '{' && this.#words[0] === 'function') return this.#endCommand();
    const isFirst = this.#words.every((word) => isAssignment(word) || KEYWORDS.test(word));
    const isProgram = isFirst && this.#programs.length === 0;
    const isSetting = this.#words.every(isAssignment) && all.every((word) => this.values.assign(word));
    if (isProgram && !isSetting && all.length > 1) this.#programs = all;
    else this.#words.push(...(isSetting ? all : all.flatMap(bracesOf)));
  }

  #endCommand(): void {
    this.#endWord();
    // Nothing stands behind the sign: a shell would not run it.
    if (this.#redirect !== null) this.#result.isOpaque = true;
    this.#redirect = null;
    const [words, programs] = [this.#words, this.#programs];
    this.#words = [];
    this.#programs = [];
    if (programs.length === 0 && words.length === 0) return;
    // A setting alone runs nothing, but decides what others run: of `PATH=/tmp; npm test`, no rule for npm speaks.
    if (!words.every(isAssignment)) this.values.note(words);
    if (programs.length === 0) this.#result.commands.push(words);
    for (const program of programs) this.#result.commands.push([...program.trim().split(/\s+/), ...words]);
  }
}

function isAssignment(word: string): boolean {
  return /^[A-Za-z_]\w*\+?=/.test(word);
}

/** `{rm,-rf,/}` is three words. */
function bracesOf(word: string): string[] {
  return /^\{[^{}]*,[^{}]*\}$/.test(word) ? word.slice(1, -1).split(',') : [word];
}

function indexOrEnd(text: string, sign: string, from: number): number {
  const index = text.indexOf(sign, from);
  return index === -1 ? text.length : index;
}
