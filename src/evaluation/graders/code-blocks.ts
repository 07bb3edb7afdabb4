export interface CodeBlock {
  /** In lower case; empty where none is named. */
  language: string;
  code: string;
}

/** The fenced code blocks of a Markdown text, in order. A block that is never closed goes on to the end. */
export function codeBlocks(text: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { fence: string; language: string; lines: string[] } | null = null;
  for (const line of text.split('\n')) {
    const fence = /^\s*(`{3,}|~{3,})\s*([\w+-]*)/.exec(line);
    if (open) {
      if (fence?.[1]?.startsWith(open.fence) && !fence[2]) {
        blocks.push({ language: open.language, code: open.lines.join('\n') });
        open = null;
      } else open.lines.push(line);
    } else if (fence) open = { fence: fence[1] ?? '', language: (fence[2] ?? '').toLowerCase(), lines: [] };
  }
  if (open) blocks.push({ language: open.language, code: open.lines.join('\n') });
  return blocks;
}
