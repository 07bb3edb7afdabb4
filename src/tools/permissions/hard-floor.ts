import type { PathUse } from '../tool.ts';
import { protectedPlace, type Surroundings } from './protected-places.ts';
import { programOf, readCommand, type CommandReading } from './read-command.ts';

/** A place that a call names, and what it does with it. */
export interface NamedPlace {
  path: string;
  use: PathUse;
}

/** Patterns of what is never run, wherever in the text it stands. */
const NEVER: readonly [pattern: RegExp, what: string][] = [
  [/:\s*\(\s*\)\s*\{[^}]{0,80}\|[^}]{0,80}&[^}]{0,80}\}/, 'fork bombs'],
  [/\bfork\s+while\s+fork\b/, 'fork bombs'],
  [/\b(\w+)\s*\(\s*\)\s*\{\s*\1\s*\|\s*\1\s*&\s*\}/, 'fork bombs'],
];
const DISK_TOOLS =
  /^(mkfs(\..*)?|mke2fs|fdisk|sfdisk|cfdisk|gdisk|sgdisk|parted|wipefs|blkdiscard|cryptsetup|diskpart)$/;
const POWER = /^(shutdown|reboot|halt|poweroff)$/;

/** How programs treat the places that they are given. */
const DELETING = /^(rm|rmdir|unlink|shred|srm|trash|del|rd|rimraf|wipe)$/;
const MOVING = /^(mv|move|rename)$/;
const OVERWRITING = /^(truncate|tee|cp|copy|install|ln|rsync|scp)$/;
const CHANGING = /^(chmod|chown|chgrp|chattr|setfacl)$/;
const REMOVAL_IN_CODE = /rmtree|rmsync|rm_rf|remove_tree|removedirs|rimraf|unlink|rmdir|\brm\(|deltree|fs\.rm\b/i;
const WRITING_IN_CODE = /\bopen\w*\(.{0,500}['"]([wax]b?\+?|r\+b?)['"]|write_?(text|bytes|file)/is;

/**
 * Why a command is never run, whatever rules and people say; null for all others. It knows common ways of destroying a
 * home, disks, `.git` and keys, also inside of other commands. It is no wall: that is the sandbox.
 */
export function floorOfCommand(text: string, where: Surroundings): string | null {
  const never = NEVER.find(([pattern]) => pattern.test(text));
  if (never) return `No command has any business with ${never[1]}.`;
  const reading = readCommand(text);
  let here = where;
  for (const words of reading.commands) {
    const found = faultOf(words, here);
    if (found !== null) return `No command has any business with ${found}.`;
    here = afterMove(words, here);
  }
  const places: NamedPlace[] = [
    ...reading.written.map((path) => ({ path, use: 'write' as const })),
    ...reading.read.map((path) => ({ path, use: 'read' as const })),
    ...hiddenTargets(reading),
  ];
  const place = places.map(({ path, use }) => protectedPlace(path, use, here)).find((each) => each !== null);
  return place === undefined ? null : `No command has any business with ${place}.`;
}

/** What `xargs rm -r` deletes, or `rm -rf $(…)`, stands somewhere else in the command. */
function hiddenTargets({ commands, isOpaque }: CommandReading): NamedPlace[] {
  const isHidden = isOpaque || commands.some(([program]) => programOf(program) === 'xargs');
  const removes = (words: readonly string[]): boolean =>
    DELETING.test(programOf(words[0])) && words.some((word) => /^-\w*r|^--recursive/i.test(word));
  if (!isHidden || !commands.some(removes)) return [];
  return commands.flatMap((words) => words.map((path) => ({ path, use: 'delete' as const })));
}

/** Why a place is never used so, whatever rules and people say. */
export function floorOfPlace({ path, use }: NamedPlace, where: Surroundings): string | null {
  const place = protectedPlace(path, use, where);
  return place === null ? null : `No tool has any business with ${place}.`;
}

/** `cd` moves what comes after it. */
function afterMove(words: readonly string[], where: Surroundings): Surroundings {
  if (!/^(cd|pushd|chdir)$/.test(programOf(words[0]))) return where;
  const to = words.slice(1).find((word) => !word.startsWith('-')) ?? '~';
  const isPlaced = to.startsWith('/') || to.startsWith('~');
  const from = where.workspace ?? '';
  const workspace = isPlaced ? to.replace(/^~(?=\/|$)/, where.home ?? '~') : `${from}/${to}`;
  return { ...where, workspace };
}

function faultOf(words: readonly string[], where: Surroundings): string | null {
  const program = programOf(words[0]);
  const given = words.slice(1);
  if (DISK_TOOLS.test(program)) return 'disks';
  const isPower =
    POWER.test(program) || (/^(systemctl|loginctl)$/.test(program) && given.some((word) => POWER.test(word)));
  if (isPower || (/^(tel)?init$/.test(program) && /^[06]$/.test(given[0] ?? ''))) return 'stopping the machine';
  const key = given.map((word) => protectedPlace(lastPart(word), 'read', where)).find((place) => place !== null);
  if (key !== undefined) return key;
  const output = given.find((word) => word.startsWith('of='));
  if (program === 'dd' && output !== undefined) return protectedPlace(output.slice(3), 'write', where);
  const code = given.find((word) => REMOVAL_IN_CODE.test(word));
  if (code !== undefined) return faultInCode(code, where);
  const writing = given.find((word) => WRITING_IN_CODE.test(word));
  if (writing !== undefined) return quotedPlace(writing, 'write', where);
  return placesOf(program, given)
    .map(({ path, use }) => protectedPlace(path, use, where))
    .reduce((first, place) => first ?? place, null);
}

/** `--file=/home/x/.ssh/id_rsa` and `user@host:.ssh/id_rsa` name the path at their end. */
function lastPart(word: string): string {
  return word
    .replace(/^--?[\w-]+=/, '')
    .replace(/^[\w.@-]+:(?!\/\/)/, '')
    .replace(/^@/, '');
}

function placesOf(program: string, given: readonly string[]): NamedPlace[] {
  const operands = given
    .filter((word, index) => !word.startsWith('-') || given.indexOf('--') < index)
    .filter((word) => word !== '--');
  if (DELETING.test(program)) return operands.map((path) => ({ path, use: 'delete' }));
  if (MOVING.test(program)) return operands.map((path) => ({ path, use: 'delete' }));
  if (OVERWRITING.test(program)) {
    const targets = program === 'tee' || program === 'truncate' ? operands : operands.slice(-1);
    // To copy into a folder does not replace it, unless it is one that holds keys or history.
    return targets
      .filter((path) => program !== 'cp' || !/^(~|\/|\.)$/.test(path))
      .map((path) => ({ path, use: 'write' }));
  }
  if (/^(sed|perl|ruby)$/.test(program) && given.some((word) => /^(-\w*i|--in-place)/.test(word))) {
    return operands.map((path) => ({ path, use: 'write' }));
  }
  if (CHANGING.test(program) && given.some((word) => /^-\w*R|^--recursive/.test(word))) {
    return operands.slice(1).map((path) => ({ path, use: 'write' }));
  }
  if (program === 'find' && given.some((word) => /^-(delete|exec|execdir)$/.test(word)) && isRemoving(given)) {
    const from = given.slice(given.findIndex((word) => !/^-([HLP]|O\d)$/.test(word)));
    const until = from.findIndex((word) => /^[-(!]/.test(word));
    return from.slice(0, until < 0 ? from.length : until).map((path) => ({ path, use: 'delete' }));
  }
  return [];
}

function isRemoving(given: readonly string[]): boolean {
  return given.includes('-delete') || given.some((word) => DELETING.test(programOf(word)));
}

/** Code that removes something, and names a place that stays. */
function faultInCode(code: string, where: Surroundings): string | null {
  if (/expanduser|homedir|Path\.home|Dir\.home|\$HOME|ENV[[{].?HOME/i.test(code)) return 'the home folder';
  return quotedPlace(code, 'delete', where);
}

function quotedPlace(code: string, use: PathUse, where: Surroundings): string | null {
  for (const [quoted] of code.matchAll(/"[^"]*"|'[^']*'|`[^`]*`/g)) {
    const place = protectedPlace(quoted.slice(1, -1), use, where);
    if (place !== null && quoted.length > 2) return place;
  }
  return null;
}
