import { isAbsolute, join, resolve } from 'node:path';

/** The user's own folder: `~/.massgen`, or what `MASSGEN_HOME` names. Takes plain data, see `environment.ts`. */
export function massgenHome(environment: {
  home: string;
  cwd: string;
  variables: Readonly<Record<string, string | undefined>>;
}): string {
  const named = environment.variables['MASSGEN_HOME'];
  if (named === undefined || named === '') return join(environment.home, '.massgen');
  return isAbsolute(named) ? named : resolve(environment.cwd, named);
}

/** Where the runs started in `cwd` are kept. */
export function runsFolder(cwd: string): string {
  return resolve(cwd, '.massgen', 'runs');
}

/** Names that Windows keeps for devices, whatever their ending. */
const DEVICES = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * Makes any text a name of one file in one folder on every system: no separators, no `..`, no control or
 * bidirectional characters, no device names, at most 100 bytes. Different texts may give the same name.
 */
export function safeFileName(text: string): string {
  const plain = text
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{N}\p{M}._-]+/gu, '_')
    .replaceAll(/^\.+|[. ]+$/g, '_');
  let name = '';
  let bytes = 0;
  for (const char of plain) {
    bytes += Buffer.byteLength(char);
    if (bytes > 100) break;
    name += char;
  }
  name = name.replaceAll(/\.+$/g, '_');
  return name === '' || DEVICES.test(name) ? `_${name}` : name;
}
