/** The code blocks of a Markdown page whose fence says one of these words, in order. */
export function codeBlocks(page: string, ...languages: string[]): string[] {
  return [...page.matchAll(/^```([^\n]+)\n([^]*?)^```$/gm)].flatMap(([, language = '', code = '']) =>
    languages.includes(language) ? [code] : [],
  );
}
