import { isBuiltin } from 'node:module';
import type { Import, SourceFile } from './source-file.ts';

/**
 * The rooms of `src/`, left to right. A room may import from rooms further left. Rooms on one line stand side by side
 * and do not know each other.
 */
export const ORDER: readonly (readonly string[])[] = [
  ['events'],
  ['voting'],
  ['coordination'],
  ['platform'],
  ['runlog'],
  ['config'],
  ['providers', 'tools', 'workspace', 'memory'],
  ['agents'],
  ['engine'],
  ['sessions', 'evaluation'],
  ['headless', 'tui'],
  // The two faces for programs stand beside the command: they use what it uses, and it may offer them.
  ['api'],
  ['server'],
  ['cli'],
  ['main'],
];

/**
 * Neighbours that may import each other all the same: the built-in demo agents calculate with the calculator tool, and
 * the file tools and command runners work in workspaces, which know no tool.
 */
const NEIGHBOURS: readonly (readonly [from: string, to: string])[] = [
  ['providers', 'tools'],
  ['tools', 'workspace'],
];

/** Data beside the source, which every room may read: the version, and the themes. */
const DATA = /^(?:package|themes\/[^/]+)\.json$/;

/** Readers of projections: they get facts from the log and send commands, and know nobody who does the work. */
const READERS = ['headless', 'tui'];
const WORKERS = ['providers', 'tools', 'agents', 'engine'];

const PURE = ['events', 'voting', 'coordination'];

const IMPURE_NAMES = [
  'Date.now',
  'new Date()',
  'performance.now',
  'Math.random',
  'crypto.randomUUID',
  'crypto.getRandomValues',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'process.env',
  'os.homedir',
];
const IMPURE_IMPORTS: Record<string, readonly string[]> = {
  'node:os': ['homedir'],
  'node:process': ['env'],
  'node:perf_hooks': ['performance'],
  'node:timers': ['setTimeout', 'setInterval', 'setImmediate'],
  'node:timers/promises': ['setTimeout', 'setInterval', 'setImmediate'],
  'node:crypto': ['randomBytes', 'randomUUID', 'randomInt', 'getRandomValues', 'webcrypto'],
};

/** Packages that take long to load: only a dynamic import may lead to them. */
const HEAVY = [
  'openai',
  '@anthropic-ai/sdk',
  '@google/genai',
  '@pydantic/genai-prices',
  'zod',
  'neo-blessed',
  'hono',
  '@hono/node-server',
];

/** Loads what a config of the user's names, which nobody can know before. */
const USER_MODULES = 'src/platform/import-module.ts';

/** Programs for processes of the user's tools: copied there, and given all that they know. */
const OWN_PROCESS = /^src\/tools\/\w+\/scripts\//;

const MAX_LINES = 500;

/** A rule looks at the files and returns one line per breach: `src/file.ts:12 says what is wrong`. */
export type Rule = (files: readonly SourceFile[]) => string[];

/** `events` for `src/events/event.ts`; `main` for the command's entries; null for a file outside of all rooms. */
export function roomOf(path: string): string | null {
  const [, folder = '', file] = path.split('/');
  // What programs import from the package is the public face of `api`.
  if (file === undefined && folder === 'index.ts') return 'api';
  if (file === undefined) return ['main.ts', 'massgen.js'].includes(folder) ? 'main' : null;
  return ORDER.flat().includes(folder) ? folder : null;
}

export const staysInRooms: Rule = (files) =>
  files.flatMap(({ path }) => {
    if (roomOf(path) === null) return [`${path}:1 is in no room; the rooms are ${ORDER.flat().join(', ')}`];
    return path.endsWith('.js') && path !== 'src/massgen.js' ? [`${path}:1 is not TypeScript`] : [];
  });

export const importsLeftwards: Rule = (files) =>
  everyImport(files, (file, { path, specifier }) => {
    if (specifier === '(computed)')
      return file.path === USER_MODULES || OWN_PROCESS.test(file.path)
        ? null
        : 'imports a computed specifier, which no rule can check';
    if (path === null || DATA.test(path)) return null;
    const [from, to] = [roomOf(file.path), roomOf(path)];
    if (from === null || from === to) return null;
    if (to === null) return `imports ${path}, which is in no room`;
    if (NEIGHBOURS.some(([a, b]) => a === from && b === to)) return null;
    const [placeFrom, placeTo] = [from, to].map((room) => ORDER.findIndex((rooms) => rooms.includes(room)));
    return placeTo! < placeFrom! ? null : `${from} may not import ${to} (${path})`;
  });

export const keepsReadersApart: Rule = (files) =>
  everyImport(files, (file, { path }) => {
    const [from, to] = [roomOf(file.path) ?? '', roomOf(path ?? '') ?? ''];
    return READERS.includes(from) && WORKERS.includes(to)
      ? `${from} reads the log only and may not import ${path}`
      : null;
  });

export const keepsBlessedInWidgets: Rule = (files) =>
  everyImport(files, (file, { specifier }) =>
    packageOf(specifier) === 'neo-blessed' && !file.path.startsWith('src/tui/widgets/')
      ? 'only src/tui/widgets may import neo-blessed'
      : null,
  );

export const keepsPureRoomsPure: Rule = (files) => {
  const pure = files.filter((file) => PURE.includes(roomOf(file.path) ?? ''));
  return [
    ...everyImport(pure, (file, { specifier }) =>
      isBuiltin(specifier) ? `${roomOf(file.path)} is pure and may not import ${specifier}` : null,
    ),
    ...everyUse(pure, (file, name) =>
      [...IMPURE_NAMES, 'process', 'performance'].includes(name)
        ? `${roomOf(file.path)} is pure and may not use ${name}`
        : null,
    ),
  ];
};

export const keepsTheWorldInPlatform: Rule = (files) => {
  const others = files.filter(
    ({ path }) => !['platform', 'main', ...PURE].includes(roomOf(path) ?? '') && !OWN_PROCESS.test(path),
  );
  return [
    ...everyUse(others, (_, name) =>
      IMPURE_NAMES.includes(name.replace(/^globalThis\./, ''))
        ? `only src/platform may use ${name}; take it as an argument`
        : null,
    ),
    ...everyImport(others, (_, { specifier, names }) => {
      const module = specifier.startsWith('node:') ? specifier : `node:${specifier}`;
      const taken = names.filter((name) => IMPURE_IMPORTS[module]?.includes(name));
      return taken.length > 0 ? `only src/platform may import ${taken.join(', ')} from ${specifier}` : null;
    }),
  ];
};

export const hasNoCycles: Rule = (files) => {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const breaches: string[] = [];
  const walk = (file: SourceFile, trail: readonly string[]): void => {
    if (done.has(file.path)) return;
    for (const { path, line } of file.imports) {
      const next = byPath.get(path ?? '');
      if (!next) continue;
      const here = [...trail, file.path];
      const start = here.indexOf(next.path);
      if (start >= 0)
        breaches.push(`${file.path}:${line} closes a cycle: ${[...here.slice(start), next.path].join(' → ')}`);
      else walk(next, here);
    }
    done.add(file.path);
  };
  for (const file of files) walk(file, []);
  return breaches;
};

export const startsLight: Rule = (files) => {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const seen = new Set<string>();
  const breaches: string[] = [];
  const walk = (path: string, trail: readonly string[]): void => {
    const file = byPath.get(path);
    if (!file || seen.has(path)) return;
    seen.add(path);
    for (const used of file.imports) {
      if (used.isDynamic || used.isTypeOnly) continue;
      const heavy = packageOf(used.specifier);
      if (HEAVY.includes(heavy)) {
        breaches.push(`${path}:${used.line} loads ${heavy} at start-up: ${[...trail, path].join(' → ')}`);
      }
      if (used.path) walk(used.path, [...trail, path]);
    }
  };
  for (const entry of ['src/main.ts', 'src/index.ts']) walk(entry, []);
  return breaches;
};

export const hasNoDefaultExports: Rule = (files) =>
  files
    // What a package exports is not ours to say.
    .filter(({ path }) => !path.endsWith('.d.ts'))
    .flatMap((file) => file.defaultExports.map((line) => `${file.path}:${line} exports a default; give it a name`));

export const hasNoBarrels: Rule = (files) =>
  files
    .filter((file) => !/^src\/[^/]+\/index\.ts$/.test(file.path))
    .flatMap((file) => file.starExports.map((line) => `${file.path}:${line} is a barrel; import from the file itself`));

export const hasNoJunkDrawers: Rule = (files) =>
  files.flatMap(({ path }) => {
    const name = path.split('/').find((part) => /^(utils?|helpers?|misc|common)(\.|$)/.test(part));
    return name === undefined ? [] : [`${path}:1 is in or called ${name}; name it by what it does`];
  });

export const hasShortFiles: Rule = (files) =>
  files
    .filter((file) => file.lineCount > MAX_LINES)
    .map((file) => `${file.path}:${MAX_LINES + 1} is one line too many; the file has ${file.lineCount}`);

function everyImport(files: readonly SourceFile[], judge: (file: SourceFile, used: Import) => string | null): string[] {
  return files.flatMap((file) =>
    file.imports.flatMap((used) => {
      const breach = judge(file, used);
      return breach === null ? [] : [`${file.path}:${used.line} ${breach}`];
    }),
  );
}

function everyUse(files: readonly SourceFile[], judge: (file: SourceFile, name: string) => string | null): string[] {
  return files.flatMap((file) =>
    file.uses.flatMap(({ line, name }) => {
      const breach = judge(file, name);
      return breach === null ? [] : [`${file.path}:${line} ${breach}`];
    }),
  );
}

/** `@a/b` for `@a/b/c`, `a` for `a/b`. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
