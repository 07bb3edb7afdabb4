/*
 * Puts chunks that are always loaded together into one file: finding, resolving and opening a file costs Node.js about
 * half a millisecond, and esbuild makes a chunk for every set of parts that share some code.
 */
import { rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

/**
 * Merges files of `outdir` into `<name>.js`; what they load statically must be among them or among `merged`, where files
 * that were merged before stand with the place of what they are in now. Each merged file stays as a list of what it gives,
 * taken from the merged one, so that whatever else imports it still finds it, and no module is there twice. Adds to `merged`.
 */
export async function mergeChunks({ outdir, outputs, files: wanted, name, merged }) {
  const files = wanted.filter((file) => !merged.has(file));
  const contents = files
    .map((file) => {
      const { exports } = outputs.get(file);
      const names = exports.map((each) => `${each} as ${aliasOf(file, each)}`).join(', ');
      return names === '' ? `import './${file}';` : `export { ${names} } from './${file}';`;
    })
    .join('\n');
  const own = new Set(files);
  await build({
    stdin: { contents, resolveDir: outdir, sourcefile: `${name}-parts.js` },
    outfile: join(outdir, `${name}.js`),
    ...OPTIONS,
    plugins: [redirect({ outdir, outputs, own: new Set(files), merged })],
  });
  for (const file of files) {
    await writeFile(join(outdir, file), stub(`./${name}.js`, file, outputs.get(file).exports));
    await rm(join(outdir, `${file}.map`), { force: true });
  }
  for (const file of files) merged.set(file, `./${name}.js`);
}

/** Lets a file take what was merged straight from where it is now. */
export async function redirectImports({ outdir, outputs, file, merged }) {
  await build({
    entryPoints: [join(outdir, file)],
    outfile: join(outdir, file),
    allowOverwrite: true,
    ...OPTIONS,
    plugins: [redirect({ outdir, outputs, own: new Set([file]), merged })],
  });
}

/** How code is written. Lines have an end, so that a place in a stack trace can be found. */
export const COMPACT = { minifyWhitespace: true, lineLimit: 160, legalComments: 'none' };

const OPTIONS = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  sourcemap: true,
  sourcesContent: false,
  ...COMPACT,
  logLevel: 'warning',
};

/** Bundles `own` files, takes merged ones from where they are, and leaves all else outside. */
function redirect({ outdir, outputs, own, merged }) {
  return {
    name: 'redirect',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /.*/ }, ({ path, kind }) => {
        const file = basename(path);
        if (kind === 'entry-point') return undefined;
        if (!path.startsWith('./') || kind === 'dynamic-import') return { path, external: true };
        if (own.has(file)) return { path: join(outdir, file) };
        return merged.has(file) ? { path: file, namespace: 'merged' } : { path, external: true };
      });
      onLoad({ filter: /.*/, namespace: 'merged' }, ({ path }) => ({
        contents: stub(merged.get(path), path, outputs.get(path).exports),
        resolveDir: outdir,
        loader: 'js',
      }));
    },
  };
}

/** A name for what a file exports that no other file has. */
function aliasOf(file, exported) {
  return `${file.replace(/\W/g, '_')}$${exported}`;
}

function stub(from, file, exports) {
  if (exports.length === 0) return `import '${from}';\n`;
  return `export { ${exports.map((each) => `${aliasOf(file, each)} as ${each}`).join(', ')} } from '${from}';\n`;
}

/** These files and all that they load with themselves. */
export function staticClosure(outputs, entries) {
  const found = new Set();
  const visit = (file) => {
    if (found.has(file) || !outputs.has(file)) return;
    found.add(file);
    staticImports(outputs, file).forEach(visit);
  };
  entries.forEach(visit);
  return [...found];
}

/** What a file loads with itself. */
export function staticImports(outputs, file) {
  return outputs.get(file).imports.flatMap(({ path, kind }) => (kind === 'import-statement' ? basename(path) : []));
}

/** What esbuild says of its output files, by file name. */
export function outputsByName(metafile) {
  return new Map(
    Object.entries(metafile.outputs)
      .filter(([path]) => path.endsWith('.js'))
      .map(([path, output]) => [basename(path), output]),
  );
}

/** The output files that were made for these source files. */
export function filesOf(outputs, sources) {
  return sources.map((source) => {
    const found = [...outputs].find(([, { entryPoint }]) => entryPoint === source);
    if (!found) throw new Error(`${source} is no part that is loaded on its own`);
    return found[0];
  });
}
