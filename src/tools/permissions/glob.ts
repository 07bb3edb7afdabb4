import picomatch from 'picomatch';

/**
 * True if a whole text fits a pattern in which `*` stands for anything, `?` for one character, and `\` takes a sign at
 * its word. Unlike in paths, `*` passes over slashes. Takes a time linear in the text for each `*`, whatever it holds.
 */
export function fitsText(pattern: string, text: string): boolean {
  const parts = partsOf(pattern);
  let [at, part, mark, starAt] = [0, 0, -1, 0];
  while (at < text.length) {
    const wanted = parts[part];
    if (wanted?.type === 'any') {
      mark = part++;
      starAt = at;
    } else if (wanted && (wanted.type === 'one' || wanted.char === text[at])) {
      part += 1;
      at += 1;
    } else if (mark >= 0) {
      part = mark + 1;
      at = ++starAt;
    } else return false;
  }
  while (parts[part]?.type === 'any') part += 1;
  return part === parts.length;
}

type Part = { type: 'any' } | { type: 'one' } | { type: 'sign'; char: string };

function partsOf(pattern: string): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern[at] ?? '';
    if (char === '*') {
      if (parts.at(-1)?.type !== 'any') parts.push({ type: 'any' });
    } else if (char === '?') parts.push({ type: 'one' });
    else if (char === '\\' && at + 1 < pattern.length) parts.push({ type: 'sign', char: pattern[++at] ?? '' });
    else parts.push({ type: 'sign', char });
  }
  return parts;
}

/** True if a path fits a glob, in which `*` stays within a folder and `**` does not. */
export function fitsPath(pattern: string, path: string, ignoresCase: boolean): boolean {
  try {
    return picomatch(pattern, { dot: true, nonegate: true, noextglob: true, nocase: ignoresCase })(path);
  } catch {
    return pattern === path;
  }
}

/** The text that a pattern without any glob stands for; null for one with globs. */
export function literalOf(pattern: string): string | null {
  if (/[*?[\]{}]/.test(pattern.replaceAll(/\\./gs, ''))) return null;
  return pattern.replaceAll(/\\(.)/gs, '$1');
}
