import { constants } from 'node:fs';
import { open, readdir, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { printable } from '../../config/printable.ts';
import { readYaml } from '../../config/source-document.ts';

/** Instructions for a kind of work: a folder with a SKILL.md that begins with a name and a description. */
export interface Skill {
  name: string;
  /** On one line, without control characters; empty where there is none. */
  description: string;
  /** Absolute, without links. */
  folder: string;
}

export const SKILL_FILE = 'SKILL.md';

/** Every agent is told of every skill with every call. */
const MAX_SKILLS = 50;
const MAX_DESCRIPTION = 300;
/** Larger files of a skill are shown up to here. */
const MAX_BYTES = 256 * 1024;

/**
 * The skills in these folders, by name; of two with one name the one of the earlier folder counts. What cannot be read,
 * and what lies outside of its folder behind a link, is left out. Never rejects.
 */
export async function findSkills(folders: readonly string[]): Promise<Skill[]> {
  const found = new Map<string, Skill>();
  for (const folder of folders) {
    const entries: string[] = await readdir(folder).catch(() => []);
    for (const entry of entries.toSorted()) {
      const skill = await readSkill(folder, entry).catch(() => null);
      if (skill && !found.has(skill.name)) found.set(skill.name, skill);
    }
  }
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)).slice(0, MAX_SKILLS);
}

async function readSkill(folder: string, entry: string): Promise<Skill | null> {
  const root = await realpath(folder);
  const own = await realpath(join(folder, entry));
  if (!own.startsWith(root + sep)) return null;
  const head = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---(?:\r?\n|$)/.exec(await readSkillFile({ folder: own }, SKILL_FILE));
  const { value } = readYaml(head?.[1] ?? '');
  const said = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  const name = [said['name'], entry].find((each) => typeof each === 'string' && /^[a-z0-9][\w.-]{0,63}$/i.test(each));
  if (typeof name !== 'string') return null;
  const description = typeof said['description'] === 'string' ? said['description'] : '';
  return { name, description: printable(description.trim().replaceAll(/\s+/g, ' '), MAX_DESCRIPTION), folder: own };
}

/**
 * A file of a skill. Rejects with the system's error where there is none, also for hidden files and where a link leads out
 * of the skill.
 */
export async function readSkillFile({ folder }: Pick<Skill, 'folder'>, file: string): Promise<string> {
  const path = await realpath(join(folder, file));
  const isInside = path.startsWith(folder + sep);
  if (!isInside || isHidden(path.slice(folder.length))) throw Object.assign(new Error('no file'), { code: 'ENOENT' });
  // A pipe without a writer is not waited for.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if (!(await handle.stat()).isFile()) throw Object.assign(new Error('no file'), { code: 'EISDIR' });
    const bytes = Buffer.alloc(MAX_BYTES);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    return bytes.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Hidden files are where keys are. */
export function isHidden(path: string): boolean {
  return path.split(sep).some((name) => name.startsWith('.'));
}
