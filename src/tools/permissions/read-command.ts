import { scanShell } from './shell-scan.ts';

/** A shell command taken apart, for rules. */
export interface CommandReading {
  /** Every simple command that can be seen in it, also those inside of others (`bash -c`, `sudo`, `$(…)`). */
  commands: string[][];
  /** Files that output is sent to. */
  written: string[];
  /** Files that are read as input. */
  read: string[];
  /** More may happen than can be seen: no pattern allows such a command. */
  isOpaque: boolean;
}

const MAX_LENGTH = 20_000;
const MAX_DEPTH = 8;
const MAX_COMMANDS = 500;

const SHELLS = new Set('sh bash zsh dash ksh ash fish pwsh powershell cmd busybox'.split(' '));
const INTERPRETERS = /^(python[\d.]*|node|deno|bun|perl|ruby|php|lua|awk|gawk|mawk|osascript|tclsh)$/;
/** Programs and words that run what comes after them. */
const WRAPPERS = new Set(
  (
    'sudo doas env nohup nice ionice timeout time exec command builtin xargs stdbuf setsid chroot unshare watch ' +
    'parallel busybox toybox caffeinate flock su ssh docker podman then do else elif if while until ! {'
  ).split(' '),
);

/** Programs that run nothing of what they read; beside others of their kind, what they are given is no command. */
const KEEPING = new Set('cat tee echo printf cd mkdir ls touch grep head tail wc sort true pwd'.split(' '));

/** Takes a command apart. Never throws. */
export function readCommand(text: string): CommandReading {
  const reading: CommandReading = { commands: [], written: [], read: [], isOpaque: text.length > MAX_LENGTH };
  visit(text.slice(0, MAX_LENGTH), reading, 0);
  return reading;
}

/** The program that a word names, wherever it lies: `/bin/rm` is `rm`. */
export function programOf(word: string | undefined): string {
  return (word ?? '')
    .replace(/^.*[/\\]/, '')
    .replace(/\.(exe|cmd|bat)$/i, '')
    .toLowerCase();
}

function visit(text: string, reading: CommandReading, depth: number, given: readonly string[] = []): void {
  if (depth > MAX_DEPTH || reading.commands.length > MAX_COMMANDS) {
    reading.isOpaque = true;
    return;
  }
  const scan = scanShell(text, given);
  reading.isOpaque ||= scan.isOpaque;
  reading.written.push(...scan.written);
  reading.read.push(...scan.read);
  for (const words of scan.commands) visitWords(words, reading, depth);
  for (const inner of scan.inner) visit(inner, reading, depth + 1);
  if (scan.commands.some(readsCommands)) {
    for (const words of scan.commands.filter(([program]) => /^(echo|printf)$/.test(programOf(program)))) {
      visit(words.slice(1).join(' '), reading, depth + 1);
    }
  }
  const isData = scan.commands.every(([program]) => KEEPING.has(programOf(program)));
  for (const { text: document, isQuoted } of scan.documents) {
    if (!isData || (!isQuoted && /\$\(|`/.test(document))) visit(document, reading, depth + 1);
  }
}

function visitWords(all: readonly string[], reading: CommandReading, depth: number): void {
  const words = all.slice(all.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word)));
  if (words.length === 0) return;
  // A variable may make another program of the same words.
  if (words.length < all.length) reading.isOpaque = true;
  reading.commands.push(words);
  const program = programOf(words[0]);
  // What program a pattern of files, or a variable, stands for is not known.
  if (/[*?[\]$]/.test(words[0] ?? '') || program === '') reading.isOpaque = true;
  if (program === 'eval' || program === 'source' || program === '.') {
    reading.isOpaque = true;
    if (program === 'eval') visit(words.slice(1).join(' '), reading, depth + 1);
  }
  if (SHELLS.has(program)) visitShell(words, reading, depth);
  if (INTERPRETERS.test(program)) visitCode(words, reading, depth);
  if (WRAPPERS.has(program)) visitWrapped(words.slice(1), reading, depth);
  if (program === 'find') {
    const index = words.findIndex((word) => /^-(exec|execdir|ok|okdir)$/.test(word));
    if (index >= 0) visitWords(words.slice(index + 1), reading, depth + 1);
  }
}

/** A shell that is given no command runs what it reads. */
function readsCommands(words: readonly string[]): boolean {
  return SHELLS.has(programOf(words[0])) && !words.some((word) => /^-\w*c$/i.test(word));
}

/** A shell runs the text after `-c`; without one it runs what nobody sees here. */
function visitShell(words: readonly string[], reading: CommandReading, depth: number): void {
  const index = words.findIndex((word, at) => at > 0 && /^(-\w*c|\/c|-Command)$/i.test(word));
  if (index < 0) reading.isOpaque = true;
  else visit(words[index + 1] ?? '', reading, depth + 1, words.slice(index + 2));
}

/** The texts in code may be commands. */
function visitCode(words: readonly string[], reading: CommandReading, depth: number): void {
  const code = words.filter((word, index) => index > 0 && /["'`(]/.test(word));
  if (code.length > 0) reading.isOpaque = true;
  for (const text of code) {
    for (const [quoted] of text.matchAll(/"[^"]*"|'[^']*'|`[^`]*`/g)) visit(quoted.slice(1, -1), reading, depth + 1);
  }
}

/** What a wrapper runs may begin at any of its words, since each has options of its own. */
function visitWrapped(words: readonly string[], reading: CommandReading, depth: number): void {
  const text = words.find((word) => /\s/.test(word));
  if (text !== undefined) visit(text, reading, depth + 1);
  const start = words.findIndex((word) => !/^-|^[A-Za-z_]\w*=|^[\d.]+[smhd]?$/.test(word));
  if (start < 0) return;
  if (depth > MAX_DEPTH) reading.isOpaque = true;
  else visitWords(words.slice(start), reading, depth + 1);
  // `sudo -u root rm …`: an option's value stands before the program.
  const [next] = words.slice(start + 1);
  if (start > 0 && next !== undefined && !next.startsWith('-')) visitWords(words.slice(start + 1), reading, depth + 1);
}
