/** Words that mean something in Python or in TypeScript, and names that the generated files use themselves. */
const TAKEN = new Set(
  (
    'and as assert async await break class continue def del elif else except false finally for from global if import in ' +
    'is lambda none nonlocal not or pass raise return true try while with yield match case type print ' +
    'abstract any arguments boolean catch const constructor debugger declare default delete do enum eval export extends ' +
    'function get implements infer instanceof interface keyof let module namespace never new null number object of ' +
    'package private protected public readonly record require set static string super switch symbol this throw typeof ' +
    'undefined unique unknown var void promise index'
  ).split(' '),
);
const MAX_NAME = 60;

/**
 * Names for anything, by which it can be a file, a folder, and a function of both Python and TypeScript: letters, digits
 * and `_` only, no word of either language, none twice (a file system may take `A` and `a` for one). Names that are fine
 * stay as they are. In the order of the list.
 */
export function codeNames(wanted: readonly string[]): string[] {
  const used = new Set<string>();
  return wanted.map((each) => {
    const plain = plainName(each);
    let name = plain;
    for (let count = 2; used.has(name.toLowerCase()); count += 1) name = `${plain}_${count}`;
    used.add(name.toLowerCase());
    return name;
  });
}

function plainName(text: string): string {
  const name = text
    .replaceAll(/[^A-Za-z0-9_]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, MAX_NAME);
  const begun = /^[A-Za-z]/.test(name) ? name : `tool_${name}`;
  return TAKEN.has(begun.toLowerCase()) ? `${begun}_` : begun;
}

/** True for what can be the name of an argument of a Python function, and clashes with nothing in it. */
export function isArgumentName(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_]*$/.test(text) && text.length <= MAX_NAME && !TAKEN.has(text.toLowerCase());
}
