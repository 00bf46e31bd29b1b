import { readFileSync } from 'node:fs';

import { defineConfig } from 'vitest/config';

const manifest: { version: string } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));

/** Ends a test that hangs; no test is written to come near it on a slow machine. */
const HANG_MS = 120_000;

export default defineConfig({
  define: { __KEYWRIGHT_VERSION__: JSON.stringify(manifest.version) },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build-once.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: HANG_MS,
    hookTimeout: HANG_MS,
    // A missing golden file fails, here as in CI; `npm run golden` is the only writer.
    update: 'none',
    allowOnly: false,
    reporters: ['default', 'json'],
    outputFile: { json: 'test-results/vitest.json' },
  },
});
