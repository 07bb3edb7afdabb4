/*
 * Builds `dist/`, what the package ships: `node build.mjs [out folder]`.
 *
 * One ES module per part that is loaded on its own, every package bundled into the part that uses it: one file to find
 * and read instead of hundreds. Measured with Node.js 24, process start to client made, median of 11: openai 149 → 94 ms,
 * @anthropic-ai/sdk 143 → 89 ms, @google/genai 129 → 111 ms, zod 91 → 55 ms. The engine keeps the code of every part in
 * memory as long as the process lives, so comments and white space are left out; names stay, for readable stack traces.
 */
import { execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, posix, relative, resolve } from 'node:path';
import { build } from 'esbuild';
import {
  COMPACT,
  filesOf,
  mergeChunks,
  outputsByName,
  redirectImports,
  staticClosure,
  staticImports,
} from './merge-chunks.mjs';

const root = import.meta.dirname;
const outdir = resolve(root, process.argv[2] ?? 'dist');

/** neo-blessed loads its widgets by computed names and reads terminal descriptions from its own folder. */
const EXTERNAL = ['neo-blessed'];

/** What is loaded for every question, for the screen, and for a question without one. */
const COMMAND = ['src/cli/command.ts', 'src/config/env.ts', 'src/cli/pick-unattended.ts'];
const SCREEN = ['src/cli/interactive.ts', 'src/config/demo-team.ts', 'src/providers/demo/strategy.ts'];
const HEADLESS = [
  'src/config/discover.ts',
  'src/config/load.ts',
  'src/config/resolve.ts',
  'src/config/problem.ts',
  'src/cli/headless.ts',
  'src/headless/plain.ts',
];
/** What every run is made with. */
const RUN = ['src/cli/launch.ts'];

/** CommonJS packages that someone, perhaps another package, imports dynamically: see `nameLazyCommonJs`. */
const LAZY_COMMONJS = [
  'yaml',
  'fastest-levenshtein',
  'https-proxy-agent',
  'picomatch',
  '@xterm/headless',
  '@xterm/addon-unicode11',
  'bullmq',
  'ioredis',
  'dockerode',
];

/** What dockerode needs for engines that are reached by SSH, and to build images: neither is used, and both are large. */
const LEFT_OUT = /^(ssh2|@grpc\/grpc-js|@grpc\/proto-loader|protobufjs)$/;

await rm(outdir, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  // The command, and what `import 'massgen-tui'` gives.
  entryPoints: ['src/main.ts', 'src/index.ts'],
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  external: EXTERNAL,
  // All parts lie side by side, which `keepOwnPlace` relies on.
  chunkNames: '[name]-[hash]',
  sourcemap: true,
  sourcesContent: false,
  ...COMPACT,
  metafile: true,
  // CommonJS packages in the bundle call `require` for Node's own modules.
  banner: {
    js: "import { createRequire as $require } from 'node:module';\nconst require = $require(import.meta.url);",
  },
  plugins: [keepOwnPlace(), nameLazyCommonJs(), leaveOut()],
  logLevel: 'warning',
});
refuseLazyCommonJs(metafile);
await mergeStart();
await writeScripts();
await writeBin();
await writeDeclarations();
await writeFile(join(outdir, 'THIRD-PARTY-LICENSES.txt'), await licences(Object.keys(metafile.inputs)));

/**
 * Lets `import.meta.url` of a source file mean its place in `src/` in the bundle as well, so that
 * `new URL('../../themes/', import.meta.url)` finds the same folder from source and from the package. Spells out what is
 * not ASCII, which esbuild leaves in regular expressions: one such character doubles the room that a part takes in memory.
 */
function keepOwnPlace() {
  return {
    name: 'keep-own-place',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
        const fromRoot = relative(root, path).replaceAll('\\', '/');
        if (!fromRoot.startsWith('src/')) return undefined;
        const code = await readFile(path, 'utf8');
        const place = `new URL(${JSON.stringify(`../${fromRoot}`)}, import.meta.url).href`;
        const contents = code.replaceAll(/\bimport\.meta\.url\b/g, place).replaceAll(/[^\x00-\x7f]/g, spelled);
        return { contents, loader: 'ts' };
      });
    },
  };
}

function spelled(unit) {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * A CommonJS package that is imported dynamically has no named exports in esbuild's bundle, though it has them when run
 * from source. So a module is put in between that exports its names.
 */
function nameLazyCommonJs() {
  return {
    name: 'name-lazy-common-js',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^[^./]/ }, ({ path, kind, resolveDir }) =>
        kind === 'dynamic-import' && LAZY_COMMONJS.includes(path)
          ? { path, namespace: 'lazy-common-js', pluginData: resolveDir }
          : undefined,
      );
      onLoad({ filter: /.*/, namespace: 'lazy-common-js' }, ({ path, pluginData: resolveDir }) => {
        const module = createRequire(join(resolveDir, 'importer.js'))(path);
        const names = Object.keys(module).filter((name) => name !== 'default');
        // Of one that was compiled from an ES module, `import all` would be what it calls its default.
        const all = module.__esModule ? '* as all' : 'all';
        const contents = `import ${all} from '${path}';\nexport default all;\nexport const { ${names.join(', ')} } = all;\n`;
        return { contents, resolveDir, loader: 'js' };
      });
    },
  };
}

/** Puts an empty module in the place of packages whose code is never run. */
function leaveOut() {
  return {
    name: 'leave-out',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: LEFT_OUT }, ({ path }) => ({ path, namespace: 'left-out' }));
      // Commander starts programs for subcommands that are programs; loading what it takes would slow every start down.
      onResolve({ filter: /^node:child_process$/ }, ({ path, importer }) =>
        /[\\/]commander[\\/]/.test(importer) ? { path, namespace: 'left-out' } : undefined,
      );
      onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
    },
  };
}

/** Fails the build for a package that belongs into `LAZY_COMMONJS`; without this it would fail at run time only. */
function refuseLazyCommonJs({ inputs, outputs }) {
  const lazy = Object.values(outputs).flatMap(({ entryPoint }) => entryPoint ?? []);
  const broken = lazy.filter((path) => inputs[path]?.format === 'cjs');
  if (broken.length > 0) throw new Error(`imported dynamically, but not in LAZY_COMMONJS: ${broken.join(', ')}`);
}

/**
 * What every command loads is one file; of what is loaded on the way to the first picture and to the first request, what
 * both load is a second one, what runs are made with a third, and the rest two more.
 */
async function mergeStart() {
  const outputs = outputsByName(metafile);
  const merged = new Map();
  const merge = (name, files) => mergeChunks({ outdir, outputs, files, name, merged });
  const closureOf = (sources) => staticClosure(outputs, filesOf(outputs, sources));
  // Not `main.js` itself: it waits for what it loads, and a file that waits cannot be one that others wait for.
  await merge('start', staticClosure(outputs, staticImports(outputs, 'main.js')));
  const [screen, headless] = [closureOf([...COMMAND, ...SCREEN]), closureOf([...COMMAND, ...HEADLESS, ...RUN])];
  await merge(
    'common',
    screen.filter((file) => headless.includes(file)),
  );
  await merge('screen', screen);
  await merge('run', closureOf([...COMMAND, ...RUN]));
  await merge('headless', headless);
  await redirectImports({ outdir, outputs, file: 'main.js', merged });
}

/** Programs for processes of the user's tools; each is copied alone to where such a process can read it. */
async function writeScripts() {
  const folders = { bridge: join(root, 'src/tools/custom/scripts'), hook: join(root, 'src/tools/hooks/scripts') };
  await build({
    entryPoints: Object.entries(folders).map(([name, folder]) => join(folder, `${name}.ts`)),
    outdir: join(outdir, 'scripts'),
    entryNames: '[name]',
    format: 'esm',
    target: 'node22',
  });
  for (const [name, folder] of Object.entries(folders)) {
    await cp(join(folder, `${name}.py`), join(outdir, `scripts/${name}.py`));
  }
}

/** The bin entry is not bundled: old versions of Node.js must be able to read it. */
async function writeBin() {
  const source = await readFile(join(root, 'src/massgen.js'), 'utf8');
  const bin = source.replace("import('./main.ts')", "import('./main.js')");
  if (bin === source) throw new Error("src/massgen.js does not import './main.ts'");
  await writeFile(join(outdir, 'massgen.js'), bin);
  await chmod(join(outdir, 'massgen.js'), 0o755);
}

/**
 * The types of the public face: `types/index.d.ts` and the declarations that it leads to, no others. A declaration that
 * leads to a package fails the build, since packages are bundled and a user's compiler would not find them.
 */
async function writeDeclarations() {
  const folder = await mkdtemp(join(tmpdir(), 'massgen-types-'));
  try {
    const options = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions: {
        noEmit: false,
        declaration: true,
        emitDeclarationOnly: true,
        // `npm run typecheck` checks.
        noCheck: true,
        rootDir: root,
        outDir: join(folder, 'out'),
        typeRoots: [join(root, 'node_modules/@types')],
      },
      include: [],
      files: [join(root, 'src/index.ts')],
    };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(options));
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    execFileSync(process.execPath, [tsc, '-p', join(folder, 'tsconfig.json')], { stdio: 'inherit' });
    const wanted = ['index.d.ts'];
    for (const name of wanted) {
      const text = await readFile(join(folder, 'out/src', name), 'utf8');
      const rewritten = text.replaceAll(/(\bfrom |\bimport\()(['"])([^'"]+)\2/g, (_, before, quote, specifier) => {
        if (!specifier.startsWith('.')) throw new Error(`the public type ${name} leads to the package ${specifier}`);
        const next = posix.join(posix.dirname(name), specifier.replace(/\.ts$/, '.d.ts'));
        if (!wanted.includes(next)) wanted.push(next);
        return `${before}${quote}${specifier.replace(/\.ts$/, '.js')}${quote}`;
      });
      const path = join(outdir, 'types', name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, rewritten);
    }
    // Compilers look beside `index.js`.
    await writeFile(join(outdir, 'index.d.ts'), "export * from './types/index.js';\n");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The licences of the packages whose code is in the bundle; they ask to be passed on with it. */
async function licences(inputs) {
  const folders = new Set(inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? []));
  const sections = [];
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
    const file = (await readdir(join(root, folder))).find((entry) => /^licen[cs]e/i.test(entry));
    const text =
      file === undefined ? 'The package has no licence text.' : await readFile(join(root, folder, file), 'utf8');
    sections.push(`${name} ${version} (${license})\n\n${text.trim()}\n`);
  }
  return sections.join(`\n${'='.repeat(80)}\n\n`);
}
