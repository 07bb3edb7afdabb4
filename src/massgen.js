#!/usr/bin/env node
/*
 * The bin entry. It must parse on every Node.js that a user may still have (12 and later), so that an old one gets a
 * sentence instead of a syntax error: no syntax newer than ES2015 besides `import()`, and no static import.
 */
const NEEDED = [22, 18];
const found = process.versions.node.split('.').map(Number);

if (found[0] < NEEDED[0] || (found[0] === NEEDED[0] && found[1] < NEEDED[1])) {
  fail(
    'massgen needs Node.js ' +
      NEEDED.join('.') +
      ' or newer, and this is ' +
      process.versions.node +
      '; get one from https://nodejs.org or with a version manager (nvm install 24).',
  );
} else {
  Promise.all([import('node:module'), import('node:os'), import('node:path')])
    .then(keepCompiledCode)
    .catch(() => undefined)
    .then(() => import('./main.ts'))
    .catch((error) => fail('massgen could not start: ' + String((error && error.stack) || error)));
}

/*
 * Compiled code is kept between runs, which halves the time to start. Node's own place for it is the shared temporary
 * folder, where another user could have put a folder with other code; so it goes to the user's cache, and nowhere where
 * that is not known. Whatever goes wrong here costs time only.
 */
function keepCompiledCode([module, os, path]) {
  const cache = [process.env.XDG_CACHE_HOME || '', path.join(os.homedir(), '.cache')].find(path.isAbsolute);
  const folder = process.env.NODE_COMPILE_CACHE || (cache && path.join(cache, 'massgen', 'compiled'));
  if (folder) module.enableCompileCache(folder);
}

function fail(message) {
  process.stderr.write(message.replace(/[^\n\t\x20-\x7e\xa0-\uffff]/g, '') + '\n');
  process.exitCode = 1;
}
