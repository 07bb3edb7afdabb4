import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import c from 'highlight.js/lib/languages/c';
import cpp from 'highlight.js/lib/languages/cpp';
import css from 'highlight.js/lib/languages/css';
import diff from 'highlight.js/lib/languages/diff';
import go from 'highlight.js/lib/languages/go';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import rust from 'highlight.js/lib/languages/rust';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';
import { style, type StyleId } from '../theme/style.ts';
import { span, type Line } from './line.ts';

/** A piece of code as styled rows, one per line of it; null for a language that it does not know. */
export type Highlighter = (code: string, lang: string) => Line[] | null;

const LANGUAGES = {
  bash,
  c,
  cpp,
  css,
  diff,
  go,
  java,
  javascript,
  json,
  python,
  rust,
  sql,
  typescript,
  xml,
  yaml,
};
for (const [name, language] of Object.entries(LANGUAGES)) hljs.registerLanguage(name, language);

const CODE = style('code');
const STYLES: Record<string, StyleId> = {
  'hljs-keyword': style('accent'),
  'hljs-built_in': style('info'),
  'hljs-type': style('info'),
  'hljs-literal': style('warn'),
  'hljs-number': style('warn'),
  'hljs-string': style('ok'),
  'hljs-regexp': style('ok'),
  'hljs-symbol': style('ok'),
  'hljs-comment': style('dim', ['italic']),
  'hljs-doctag': style('dim', ['italic']),
  'hljs-title': style('heading'),
  'hljs-section': style('heading'),
  'hljs-name': style('accent'),
  'hljs-tag': style('dim'),
  'hljs-attr': style('info'),
  'hljs-attribute': style('info'),
  'hljs-meta': style('dim'),
  'hljs-addition': style('ok'),
  'hljs-deletion': style('err'),
};
/** A longer piece stays in one colour: the picture must not wait for it. */
const MAX_CODE = 20_000;

export const highlight: Highlighter = (code, lang) => {
  if (code.length > MAX_CODE || hljs.getLanguage(lang) === undefined) return null;
  return rowsOf(hljs.highlight(code, { language: lang, ignoreIllegals: true }).value);
};

/** The library's markup back into pieces: it writes nothing but spans and five entities. */
function rowsOf(markup: string): Line[] {
  const rows: Line[] = [[]];
  const open: StyleId[] = [CODE];
  for (const [piece] of markup.matchAll(/<span class="[^"]*">|<\/span>|[^<]+/g)) {
    if (piece === '</span>') {
      open.pop();
      continue;
    }
    const kinds = /^<span class="([^"]*)">$/.exec(piece)?.[1]?.split(' ');
    const outer = open.at(-1) ?? CODE;
    if (kinds) {
      open.push(STYLES[kinds[0] ?? ''] ?? outer);
      continue;
    }
    for (const [i, text] of decode(piece).split('\n').entries()) {
      if (i > 0) rows.push([]);
      if (text !== '') rows.at(-1)?.push(span(text, outer));
    }
  }
  return rows;
}

const ENTITIES: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#x27;': "'", '&amp;': '&' };

function decode(text: string): string {
  return text.replace(/&(?:lt|gt|quot|#x27|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}
