import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import type { z } from 'zod';
import { formatLocation, type KeyPath } from '../../config/problem.ts';
import { readYaml, type SourceDocument } from '../../config/source-document.ts';
import { isJsonObject, type JsonValue } from '../../events/json.ts';
import { MassgenError, messageOf } from '../../platform/errors.ts';
import type { Case } from '../cases/case.ts';
import { generateCases } from '../cases/generate-cases.ts';
import { firstFault } from './first-fault.ts';
import { readCases, toCase } from './read-cases.ts';
import type { Suite, SuiteTeam } from './suite.ts';
import {
  caseSchema,
  fileSchema,
  generatedSchema,
  suiteSchema,
  TEAM_KEYS,
  type WrittenCase,
  type WrittenSuite,
} from './suite-schema.ts';

/** Reads a suite and all cases that it names. Rejects with a MassgenError that names the file, line and key of what is wrong. */
export async function loadSuite(path: string, cwd: string): Promise<Suite> {
  const file = resolve(cwd, path);
  const text = await readFile(file, 'utf8').catch(() => {
    throw new MassgenError('bad-suite', `The suite ${path} cannot be read. Check the path.`);
  });
  const document = readYaml(text);
  const fail = (at: KeyPath, what: string): never => {
    const place = document.locate(at);
    throw new MassgenError('bad-suite', `${path}${place ? `:${place.line}` : ''}, ${formatLocation(at)}: ${what}`);
  };
  const [problem] = document.problems;
  if (problem) fail([], problem.message);
  const written = parse(document, fail);
  const folder = dirname(file);
  const cases = await casesOf(written, folder, fail);
  return {
    name: written.name ?? basename(file, extname(file)),
    path: file,
    teams: teamsOf(written, folder, fail),
    cases,
    seeds: written.repeats === undefined ? written.seeds : Array.from({ length: written.repeats }, (_, i) => i + 1),
    concurrency: written.concurrency,
    budgetUsd: written.budget_usd ?? null,
    budgetTokens: written.budget_tokens ?? null,
    judge: written.judge === undefined ? null : resolve(folder, written.judge),
  };
}

type Fail = (at: KeyPath, what: string) => never;

function parse(document: SourceDocument, fail: Fail): WrittenSuite {
  const parsed = suiteSchema.safeParse(document.value);
  if (parsed.success) return parsed.data;
  const keysAt = (path: KeyPath): readonly string[] => (path.length === 0 ? Object.keys(suiteSchema.shape) : TEAM_KEYS);
  const { at, what } = firstFault(parsed.error.issues, document.value ?? null, keysAt);
  return fail(at, what);
}

type WrittenPart = z.output<typeof generatedSchema> | z.output<typeof fileSchema> | WrittenCase;

/** Generated, from a file, or written out. */
function parsePart(value: JsonValue, index: number, fail: Fail): WrittenPart {
  const has = (key: string): boolean => isJsonObject(value) && Object.hasOwn(value, key);
  const schema = has('generate') ? generatedSchema : has('file') ? fileSchema : caseSchema;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { at, what } = firstFault(parsed.error.issues, value, () => Object.keys(schema.shape));
  return fail(['cases', index, ...at], what);
}

/** Named by their files where they have no name. */
function teamsOf({ teams }: WrittenSuite, folder: string, fail: Fail): SuiteTeam[] {
  const named = teams.map(({ name, config }) => ({
    name: name ?? basename(config, extname(config)),
    config: resolve(folder, config),
  }));
  for (const [index, { name }] of named.entries()) {
    if (named.findIndex((other) => other.name === name) < index) {
      fail(['teams', index], `There is another team called "${name}". Give it a name of its own.`);
    }
  }
  return named;
}

async function casesOf(written: WrittenSuite, folder: string, fail: Fail): Promise<Case[]> {
  const { judge } = written;
  const parts = written.cases.map((each, index) => parsePart(each, index, fail));
  const all: Case[] = [];
  for (const [index, each] of parts.entries()) {
    if ('generate' in each) {
      const made = generateCases(each.generate, each.count, each.seed, each.level);
      const suffix = `${each.level > 1 ? `-level${each.level}` : ''}${each.seed === 1 ? '' : `-seed${each.seed}`}`;
      all.push(...made.map((item) => ({ ...item, id: `${item.id}${suffix}` })));
    } else if ('file' in each) {
      const read = await readCases(resolve(folder, each.file), each.kind);
      const prefix = fileName(each.file, parts);
      all.push(...read.slice(0, each.limit).map((item) => ({ ...item, id: `${prefix}-${item.id}` })));
    } else {
      try {
        all.push(await toCase(each, `case-${index + 1}`));
      } catch (error) {
        fail(['cases', index], messageOf(error));
      }
    }
  }
  if (all.length === 0) fail(['cases'], 'The files that are named here hold no case.');
  const ids = new Set<string>();
  for (const { id, check } of all) {
    if (ids.has(id)) fail(['cases'], `Two cases have the id "${id}". ${HOW_TO_TELL_APART}`);
    ids.add(id);
    if (check.type === 'judge' && judge === undefined) {
      fail(['cases'], `The case "${id}" has a rubric, so the suite needs "judge", the config of who judges.`);
    }
  }
  return all;
}

const HOW_TO_TELL_APART =
  'Name each file once, give generators of one kind seeds of their own, or write an "id" to a case.';

/** What stands before the ids of a file's cases: its name, or its path where another file has that name. */
function fileName(file: string, parts: readonly WrittenPart[]): string {
  const nameOf = (path: string): string => basename(path, extname(path));
  const twins = parts.filter((other) => 'file' in other && other.file !== file && nameOf(other.file) === nameOf(file));
  return twins.length > 0 ? file : nameOf(file);
}
