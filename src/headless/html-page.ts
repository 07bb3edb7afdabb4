import { escapeHtml } from './escape-html.ts';

/**
 * One page that needs nothing else: no script, no font, no picture from anywhere, and its policy forbids them all.
 * `title` is text; `style` and `body` are used as they are.
 */
export function htmlPage(title: string, style: string, body: string): string {
  const shown = escapeHtml(title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${shown}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${shown}</h1>
${body}
</main>
</body>
</html>
`;
}
