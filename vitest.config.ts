import { defineConfig } from 'vitest/config';

// Hundreds of tests drive real terminals, servers and processes: on a machine that is busy with others' work one of them
// may come too late. Continuous integration tries it once more and names it (test/support/tell-retries.ts); a property for
// which a counterexample was found is not tried again.
const retry = { count: process.env['CI'] === undefined ? 0 : 1, condition: /^(?!Property failed)/ };

export default defineConfig({
  test: { include: ['test/**/*.test.ts'], environment: 'node', testTimeout: 20_000, hookTimeout: 20_000, retry },
});
