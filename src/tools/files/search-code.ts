import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineTool, textArg } from '../define-tool.ts';
import type { Tool } from '../tool.ts';
import { Enough, eachText } from './each-text.ts';
import { printableName, type FileDesk } from './file-desk.ts';
import { matcher } from './list-files.ts';
import { findSyntaxPackage, SYNTAXES, SyntaxMatcher } from './syntax-matcher.ts';

const MAX_HITS = 100;
const MAX_FILE_BYTES = 1024n * 1024n;
const MAX_CHARS = 400;

const LANGUAGES = {
  typescript: 'TypeScript',
  tsx: 'Tsx',
  javascript: 'JavaScript',
  html: 'Html',
  css: 'Css',
} as const;

const NOTHING_KNOWN =
  'There is no such file of TypeScript, JavaScript, HTML or CSS, and search_code knows no other language. Use search_files.';

/** `search_code`, where ast-grep is installed; nothing where it is not. */
export async function codeSearchTools(desk: FileDesk): Promise<Tool[]> {
  const entry = await findSyntaxPackage();
  return entry === null ? [] : [searchCodeTool(desk, pathToFileURL(entry).href)];
}

function searchCodeTool(desk: FileDesk, url: string): Tool {
  return defineTool({
    name: 'search_code',
    description:
      'Finds code by its structure (ast-grep) in TypeScript, JavaScript, HTML and CSS; for other languages use search_files. The pattern is code in which $NAME stands for one part and $$$NAME for any number of them: console.log($$$ARGS). Spaces and line breaks do not matter. With a rewrite, shows what would stand there instead; nothing is changed.',
    properties: {
      pattern: { type: 'string', minLength: 1, maxLength: 2_000, description: 'The code that is looked for.' },
      language: {
        type: 'string',
        enum: Object.keys(LANGUAGES),
        description: 'Only files of this language; if left out, all, each by the ending of its name.',
      },
      path: { type: 'string', description: 'The folder, or one file; your workspace if left out.' },
      files: { type: 'string', maxLength: 1_000, description: 'Only files whose path fits this glob.' },
      rewrite: { type: 'string', maxLength: 2_000, description: 'What to show in its place; may use the names.' },
    },
    required: ['pattern'],
    annotations: { readOnly: true, idempotent: true },
    pathArguments: [{ name: 'path', use: 'read' }],
    run: async (args, context) => {
      const glob = textArg(args, 'files');
      const fitsGlob = glob === '' ? () => true : await matcher(glob, false);
      const only = languageOf(textArg(args, 'language'));
      const rewrite = typeof args['rewrite'] === 'string' ? args['rewrite'] : null;
      const hits: string[] = [];
      const fits = (path: string): boolean => {
        const syntax = SYNTAXES[extname(path).toLowerCase()];
        return syntax !== undefined && (only === null || syntax === only) && fitsGlob(path);
      };
      const search = new SyntaxMatcher(url, { pattern: textArg(args, 'pattern'), rewrite, max: MAX_HITS }, desk.clock);
      let hasLooked = false;
      const onText = async (path: string, text: string): Promise<boolean> => {
        const syntax = SYNTAXES[extname(path).toLowerCase()];
        if (syntax === undefined) return false;
        hasLooked = true;
        const found = await search.find(text, syntax);
        for (const { line, text: code, rewritten } of found) {
          const instead = rewritten === null ? '' : `\n  => ${clip(rewritten)}`;
          hits.push(`${printableName(path)}:${line}: ${clip(code)}${instead}`);
          if (hits.length >= MAX_HITS) throw new Enough();
        }
        return found.length > 0;
      };
      const walk = { path: textArg(args, 'path') || '.', fits, maxBytes: MAX_FILE_BYTES, onText };
      const isWhole = await eachText(desk, walk, context).finally(() => search.stop());
      if (!hasLooked && isWhole) return NOTHING_KNOWN;
      if (hits.length === 0) return isWhole ? 'No code has this shape.' : 'None was found in the first 50000 files.';
      if (!isWhole) hits.push(`[Stopped after ${MAX_HITS} places or 50000 files. Search in a narrower place.]`);
      return hits.join('\n');
    },
  });
}

function languageOf(name: string): string | null {
  return Object.hasOwn(LANGUAGES, name) ? LANGUAGES[name as keyof typeof LANGUAGES] : null;
}

function clip(code: string): string {
  return code.length > MAX_CHARS ? `${code.slice(0, MAX_CHARS).toWellFormed()}…` : code;
}
