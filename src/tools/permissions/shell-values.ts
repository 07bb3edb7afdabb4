const MOST_VALUES = 32;
/** No path is longer. */
const LONGEST = 4_096;
/** Words that stand in front of a command without being one. */
export const KEYWORDS = /^(while|until|if|elif|then|else|do|time|!|\{)$/;
const ASSIGNMENT = /^([A-Za-z_]\w*)(\+?)=/;
const DECLARING = /^(export|declare|local|typeset|readonly)$/;
const READING = /^(read|mapfile|readarray)$/;
const CONVERSION = /%(?:%|\(.*?\)T|[-+ #0]*\d*(?:\.\d+)?[a-zA-Z])/g;

/** What one command tells that the rest of it may use, wherever that stands: a loop is fed behind its end. */
export interface Feeds {
  /** What may be read. */
  read: string[];
  /** What `$1`, `$@` and the like may be. */
  positional: string[];
}

/** What the variables of a shell command may hold, as far as its text says. What is set twice may be either. */
export class ShellValues {
  readonly #values = new Map<string, string[]>();
  /** Of these the text does not say what they hold, but only what they may. */
  readonly #guessed = new Set<string>();
  readonly #functions: ReadonlySet<string>;
  readonly #feeds: Feeds;
  /** For who looks at the same command once more. */
  readonly found: Feeds;

  constructor(text: string, { read, positional }: Feeds) {
    this.#feeds = { read: read.slice(-MOST_VALUES), positional: positional.slice(-MOST_VALUES) };
    this.found = { read: [], positional: [...positional] };
    const defined = text.matchAll(/\b(\w+)\s*\(\s*\)|\bfunction\s+(\w+)/g);
    this.#functions = new Set([...defined].map(([, name = '', other = '']) => name || other));
  }

  /** Null where the text does not say. `isSure` where it can be nothing else. */
  of(name: string): { values: readonly string[]; isSure: boolean } | null {
    const values = /^[\d@*]/.test(name) ? this.#feeds.positional : this.#values.get(name);
    if (values === undefined || values.length === 0) return null;
    return { values, isSure: values.length === 1 && this.#values.has(name) && !this.#guessed.has(name) };
  }

  /** Whether the word sets a variable; it does. */
  assign(word: string): boolean {
    const [start = '', name, isMore] = ASSIGNMENT.exec(word) ?? [];
    if (name === undefined) return false;
    const value = word.slice(start.length);
    const old = this.#values.get(name) ?? [''];
    this.#add(name, isMore === '+' ? old.map((each) => each + value) : [value]);
    return true;
  }

  /** Takes note of what a command sets, and of what others may read. */
  note(all: readonly string[]): void {
    const start = all.findIndex((word) => !KEYWORDS.test(word) && !ASSIGNMENT.test(word));
    const words = all.slice(start);
    // What is set in front of a program is set for that alone.
    for (const word of all.slice(0, start)) this.#guess(ASSIGNMENT.exec(word)?.[1] ?? '', ['']);
    const [program = '', first = '', second = '', ...rest] = words;
    const given = words.slice(1);
    if (DECLARING.test(program)) for (const word of given) this.assign(word);
    else if (program === 'unset') for (const name of given) this.#guess(name, ['']);
    else if (/^(for|select)$/.test(program)) this.#guess(first, second === 'in' ? rest : this.#feeds.positional);
    else if (READING.test(program)) {
      for (const name of ['REPLY', ...given.filter((word) => !word.startsWith('-'))])
        this.#guess(name, ['', ...this.#feeds.read]);
    } else if (program === 'printf' && first.startsWith('-v')) {
      const [name = '', format = '', ...values] = first === '-v' ? given.slice(1) : [first.slice(2), ...given.slice(1)];
      this.#guess(name, [printed(format, values)]);
    } else if (program === 'set') this.found.positional.push(...given.filter((word) => !word.startsWith('-')));
    else if (this.#functions.has(program)) this.found.positional.push(...given);
    else if (program === 'echo') this.noteText(given.join(' '));
    else if (program === 'printf') this.noteText(printed(first, [second, ...rest]));
  }

  /** A text that may be read. */
  noteText(text: string): void {
    const lines = text.split('\n').map((line) => line.trim());
    this.found.read.push(...new Set([...lines, ...text.split(/\s+/)].filter((part) => part !== '')));
  }

  #guess(name: string, values: readonly string[]): void {
    this.#guessed.add(name);
    this.#add(name, values);
  }

  #add(name: string, values: readonly string[]): void {
    const short = values.slice(-MOST_VALUES).map((value) => value.slice(0, LONGEST));
    this.#values.set(name, [...new Set([...(this.#values.get(name) ?? []), ...short])].slice(-MOST_VALUES));
  }
}

function printed(format: string, values: readonly string[]): string {
  const left = [...values];
  const text = format.replaceAll(CONVERSION, (conversion) => (conversion === '%%' ? '%' : (left.shift() ?? '')));
  return text.replaceAll(/\\[nt]/g, '\n').trim();
}
