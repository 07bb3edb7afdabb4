import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseAst } from 'vitest/node';

/** One import or re-export, static or dynamic. */
export interface Import {
  line: number;
  specifier: string;
  /** Path from the root of the project for `./…` and `../…`; null for packages and Node's own modules. */
  path: string | null;
  /** Gone after type stripping. */
  isTypeOnly: boolean;
  isDynamic: boolean;
  /** Names taken from the module, under the names it exports them by. */
  names: string[];
}

/** A name or `object.property` that a file uses, and the line it does so on. */
export interface Use {
  line: number;
  name: string;
}

export interface SourceFile {
  /** From the root of the project, with `/`. */
  path: string;
  lineCount: number;
  imports: Import[];
  /** Free-standing names, `a.b` accesses, and `new Date()` without arguments. */
  uses: Use[];
  /** Lines with a default export. */
  defaultExports: number[];
  /** Lines with `export * from`. */
  starExports: number[];
}

/** Reads every TypeScript file below `folder`, and the bin entry. */
export function readSourceFiles(root: string, folder: string): SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
    .filter((path) => path.endsWith('.ts') || path.endsWith('.js'))
    .toSorted()
    .map((path) => parseSourceFile(path, readFileSync(join(root, path), 'utf8')));
}

export function parseSourceFile(path: string, code: string): SourceFile {
  const file: SourceFile = {
    path,
    lineCount: code.split('\n').length - (code.endsWith('\n') ? 1 : 0),
    imports: [],
    uses: [],
    defaultExports: [],
    starExports: [],
  };
  const lang = path.endsWith('.d.ts') ? 'dts' : 'ts';
  let program: unknown;
  try {
    program = parseAst(code, { lang }, path);
  } catch (error) {
    throw new Error(`${path} cannot be parsed`, { cause: error });
  }
  visit(program as Node, file, lineFinder(code));
  return file;
}

interface Node {
  type: string;
  start: number;
  [field: string]: unknown;
}

type LineOf = (node: Node) => number;

/** Counts lines up to each node once, by the offsets at which lines begin. */
function lineFinder(code: string): LineOf {
  const starts = [0];
  for (let at = code.indexOf('\n'); at >= 0; at = code.indexOf('\n', at + 1)) starts.push(at + 1);
  return ({ start }) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= start) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}

function visit(node: Node, file: SourceFile, lineOf: LineOf): void {
  note(node, file, lineOf);
  for (const [field, value] of Object.entries(node)) {
    if (isName(node, field)) continue;
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (isNode(child)) visit(child, file, lineOf);
    }
  }
}

/** Names of properties, keys, labels and imports are no uses of a variable of that name. */
function isName(node: Node, field: string): boolean {
  if (field === 'property' || field === 'key') return node.computed !== true;
  if (field === 'label') return true;
  return node.type === 'ImportSpecifier' || node.type === 'ExportSpecifier';
}

function note(node: Node, file: SourceFile, lineOf: LineOf): void {
  const line = (): number => lineOf(node);
  const isTypeOnly = node.importKind === 'type' || node.exportKind === 'type';
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      if (node.type === 'ExportAllDeclaration') file.starExports.push(line());
      if (node.source) addImport(file, line(), node.source, { isTypeOnly, isDynamic: false, names: namesOf(node) });
      if (exportsDefault(node)) file.defaultExports.push(line());
      break;
    case 'ImportExpression':
      addImport(file, line(), node.source, { isTypeOnly: false, isDynamic: true, names: [] });
      break;
    case 'TSImportType':
      addImport(file, line(), node.source, { isTypeOnly: true, isDynamic: false, names: [] });
      break;
    case 'ExportDefaultDeclaration':
    case 'TSExportAssignment':
      file.defaultExports.push(line());
      break;
    case 'Identifier':
      file.uses.push({ line: line(), name: node.name as string });
      break;
    case 'MemberExpression':
      if (isNode(node.object) && isNode(node.property) && node.object.type === 'Identifier') {
        const property = node.property.name ?? node.property.value;
        if (typeof property === 'string') {
          file.uses.push({ line: line(), name: `${node.object.name as string}.${property}` });
        }
      }
      break;
    case 'NewExpression':
      if (isNode(node.callee) && node.callee.name === 'Date' && (node.arguments as unknown[]).length === 0) {
        file.uses.push({ line: line(), name: 'new Date()' });
      }
      break;
  }
}

function addImport(
  file: SourceFile,
  line: number,
  source: unknown,
  kind: Pick<Import, 'isTypeOnly' | 'isDynamic' | 'names'>,
): void {
  // A specifier that is computed cannot be checked, so it stands for itself and breaks the rule on imports.
  const specifier = isNode(source) && typeof source.value === 'string' ? source.value : '(computed)';
  const path = specifier.startsWith('.') ? posix.join(posix.dirname(file.path), specifier) : null;
  file.imports.push({ line, specifier, path, ...kind });
}

function namesOf(node: Node): string[] {
  const specifiers = (node.specifiers as Node[] | undefined) ?? [];
  return specifiers.map((specifier) => {
    if (specifier.type === 'ImportSpecifier') return nameOf(specifier.imported);
    return specifier.type === 'ExportSpecifier' ? nameOf(specifier.local) : '*';
  });
}

function exportsDefault(node: Node): boolean {
  if (node.type === 'ImportDeclaration') return false;
  const specifiers = (node.specifiers as Node[] | undefined) ?? [];
  return specifiers.some((specifier) => nameOf(specifier.exported) === 'default');
}

function nameOf(node: unknown): string {
  return isNode(node) ? String(node.name ?? node.value) : '';
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Node>).type === 'string';
}
