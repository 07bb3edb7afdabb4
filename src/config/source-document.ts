import type { Document, ParsedNode, Scalar, YAMLMap } from 'yaml';
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { JsonObject, JsonValue } from '../events/json.ts';
import { printable } from './printable.ts';
import type { KeyPath } from './problem.ts';
import { PLAIN_SCALAR_TAGS } from './yaml-scalars.ts';

export interface Place {
  line: number;
  column: number;
}

/** Something wrong with the text itself. */
export interface SourceProblem {
  severity: 'error' | 'warning';
  place: Place | null;
  message: string;
  suggestion: string | null;
}

/** The text of a config, read, with a way back from a key to its place in the file. */
export interface SourceDocument {
  /** Undefined when there is an error. */
  value: JsonValue | undefined;
  problems: SourceProblem[];
  /** Where the value of `path` stands, or its key with `at: 'key'`; of its nearest parent if it is missing. */
  locate: (path: KeyPath, at?: 'key' | 'value') => Place | null;
  /** Keys of the root whose value has an anchor (`base: &base`): parts that are written once and used elsewhere. */
  anchored: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

/** Deeper trees are no configs, and would fill the stack of whatever walks them. */
const MAX_DEPTH = 100;

/** Reads YAML as PyYAML's safe loader does. Never throws. */
export function readYaml(text: string): SourceDocument {
  try {
    return parseYaml(text);
  } catch (error) {
    if (error instanceof RangeError) return refused('This YAML is nested too deeply.');
    throw error;
  }
}

function refused(message: string): SourceDocument {
  return {
    value: undefined,
    problems: [{ severity: 'error', place: null, message, suggestion: null }],
    locate: () => null,
    anchored: NONE,
  };
}

function parseYaml(text: string): SourceDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.1',
    schema: 'failsafe',
    customTags: PLAIN_SCALAR_TAGS,
    merge: true,
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter: lines,
    // At 'silent', a second document would be dropped without an error.
    logLevel: 'error',
  });
  const problems = syntaxProblems(document, lines, text);
  problems.push(...findDuplicates(document, lines));
  if (!/[\r\n]$/.test(text)) dropFinalBreak(document, text.length);
  return {
    value: valueOf(document, problems),
    problems,
    locate: (path, at) => locate(document, lines, path, at),
    anchored: anchoredKeys(document),
  };
}

function anchoredKeys({ contents }: Document.Parsed): ReadonlySet<string> {
  if (!isMap(contents)) return NONE;
  const pairs = contents.items.filter(({ value }) => isNode(value) && !isAlias(value) && value.anchor !== undefined);
  return new Set(pairs.map(({ key }) => (isScalar(key) ? String(key.value) : '')));
}

/** One per line, as one mistake makes many errors; without what they quote, which may be a secret. */
function syntaxProblems(document: Document.Parsed, lines: LineCounter, text: string): SourceProblem[] {
  const seen = new Set<number>();
  return [...document.errors, ...document.warnings].flatMap((fault): SourceProblem[] => {
    const place = placeAt(lines, fault.pos[0]);
    if (seen.has(place?.line ?? 0)) return [];
    seen.add(place?.line ?? 0);
    return [
      {
        severity: fault.name === 'YAMLWarning' ? 'warning' : 'error',
        place,
        message: `This is no valid YAML: ${printable(fault.message.replace(/: .*$/s, ''), 200)}.`,
        suggestion: yamlHint(text, fault.pos[0]),
      },
    ];
  });
}

/** A block of text that the file's end cuts off without a line break has none: PyYAML adds none, the parser does. */
function dropFinalBreak(document: Document.Parsed, end: number): void {
  visit(document, {
    Scalar: (_, node) => {
      const isBlock = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
      if (!isBlock || typeof node.value !== 'string' || (node.range?.[1] ?? 0) < end) return;
      node.value = node.value.replace(/\n$/, '');
    },
  });
}

/** Reads JSON; the positions come from reading it as YAML, of which it is a part. Never throws. */
export function readJson(text: string): SourceDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { schema: 'json', uniqueKeys: false, prettyErrors: false, lineCounter: lines });
  const problems = findDuplicates(document, lines);
  try {
    return {
      value: toPlain(JSON.parse(text)),
      problems,
      locate: (path, at) => locate(document, lines, path, at),
      anchored: NONE,
    };
  } catch (error) {
    if (error instanceof RangeError) return refused('This JSON is nested too deeply.');
    const reason = error instanceof SyntaxError ? (error.message.split(/, "|"\.\.\./)[0] ?? '') : 'unreadable';
    const [first] = document.errors;
    const place = first === undefined ? null : placeAt(lines, first.pos[0]);
    const message = `This is no valid JSON: ${printable(reason, 120)}`;
    return {
      value: undefined,
      problems: [{ severity: 'error', place, message, suggestion: null }],
      locate: () => null,
      anchored: NONE,
    };
  }
}

function valueOf(document: Document.Parsed, problems: SourceProblem[]): JsonValue | undefined {
  if (problems.some((p) => p.severity === 'error')) return undefined;
  try {
    return toPlain(document.toJS({ maxAliasCount: 1000 }) as unknown);
  } catch (error) {
    const reason = error instanceof Error ? printable(error.message, 120) : 'unreadable';
    problems.push({
      severity: 'error',
      place: null,
      message: `This YAML cannot be read: ${reason}.`,
      suggestion: 'Write fewer or smaller aliases (*name).',
    });
    return undefined;
  }
}

/** Only what JSON has; keys become text. */
function toPlain(value: unknown, depth = 0): JsonValue {
  if (depth > MAX_DEPTH) throw new RangeError('it is nested too deeply');
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (Array.isArray(value)) return value.map((child) => toPlain(child, depth + 1));
  if (typeof value !== 'object') return null;
  const out: JsonObject = {};
  for (const [key, inner] of Object.entries(value)) setKey(out, key, toPlain(inner, depth + 1));
  return out;
}

/** Sets an own key whatever its name; plain assignment of `__proto__` would change the object instead. */
export function setKey(object: JsonObject, key: string, value: JsonValue): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

/** The two mistakes that PyYAML's users make most. */
function yamlHint(text: string, offset: number): string | null {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1).split('\n', 1)[0] ?? '';
  if (/^\s*\t/.test(line)) return 'Indent with spaces: YAML allows no tabs there.';
  if (/:\s+[@`%]/.test(line)) return 'Put the value into quotes: it begins with a character that YAML reserves.';
  if (/:\s[^"']*:\s/.test(line)) return 'Put the value into quotes: it contains ": ".';
  return null;
}

function findDuplicates(document: Document.Parsed, lines: LineCounter): SourceProblem[] {
  const problems: SourceProblem[] = [];
  visit(document, {
    Map: (_, map) => {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key) || isMergeKey(key)) continue;
        const name = String(key.value);
        if (seen.has(name)) {
          problems.push({
            severity: 'warning',
            place: placeAt(lines, key.range?.[0]),
            message: `The key ${printable(name)} stands here twice; the last one counts.`,
            suggestion: 'Remove one of the two.',
          });
        }
        seen.add(name);
      }
    },
  });
  return problems;
}

function isMergeKey(key: Scalar): boolean {
  return typeof key.value === 'symbol' || (key.value === '<<' && (key.type === undefined || key.type === 'PLAIN'));
}

function locate(
  document: Document.Parsed,
  lines: LineCounter,
  path: KeyPath,
  at: 'key' | 'value' = 'value',
): Place | null {
  let node: unknown = document.contents;
  let place = placeAt(lines, document.contents?.range[0]);
  for (const [index, step] of path.entries()) {
    node = isAlias(node) ? node.resolve(document) : node;
    const found = typeof step === 'number' ? stepIntoList(node, step) : stepIntoMap(document, node, step);
    if (found === null) return place;
    const isLast = index === path.length - 1;
    const target = isLast && at === 'value' && isScalar(found.value) && found.value.range ? found.value : found.key;
    place = placeAt(lines, rangeStart(target)) ?? place;
    node = found.value;
  }
  return place;
}

interface Step {
  key: unknown;
  value: unknown;
}

function stepIntoList(node: unknown, index: number): Step | null {
  const item: unknown = isSeq(node) ? node.items[index] : undefined;
  return item === undefined ? null : { key: item, value: item };
}

function stepIntoMap(document: Document.Parsed, node: unknown, name: string): Step | null {
  if (!isMap(node)) return null;
  const pairs = (node as YAMLMap<ParsedNode, ParsedNode | null>).items;
  const pair = pairs.findLast(({ key }) => isScalar(key) && !isMergeKey(key) && String(key.value) === name);
  if (pair !== undefined) return pair;
  for (const { key, value } of pairs) {
    if (!isScalar(key) || !isMergeKey(key)) continue;
    for (const source of isSeq(value) ? value.items : [value]) {
      const found = stepIntoMap(document, isAlias(source) ? source.resolve(document) : source, name);
      if (found !== null) return found;
    }
  }
  return null;
}

function rangeStart(node: unknown): number | undefined {
  const range = (node as { range?: readonly number[] | null } | null)?.range;
  return range?.[0];
}

function placeAt(lines: LineCounter, offset: number | undefined): Place | null {
  if (offset === undefined) return null;
  const { line, col } = lines.linePos(offset);
  return line === 0 ? null : { line, column: col };
}
