import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // Many tests drive real processes, terminals and races; on a busy machine one of them may need a second try.
    retry: process.env['CI'] ? 1 : 0,
  },
});
