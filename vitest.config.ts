import { availableParallelism } from 'node:os';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { playwright } from '@vitest/browser-playwright';
import type { TestProjectInlineConfiguration } from 'vitest/config';
import { defineConfig } from 'vitest/config';
import { chromiumArguments, findChromium } from './build/chromium.ts';

/** Tests of components, which run inside the browser they are for. */
const IN_BROWSER = 'test/renderer/**/*.test.ts';

const node: TestProjectInlineConfiguration = {
  test: {
    name: 'node',
    environment: 'node',
    include: ['test/**/*.test.ts'],
    exclude: [IN_BROWSER, 'test/e2e/bench/**', 'test/bench/**'],
    // A process for each file: the engine's libraries keep state per process, and a crash then fails one file alone.
    pool: 'forks',
    // Real photos on a slow machine; no test asserts a time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
};

const chromium = findChromium();
if ('reason' in chromium) process.stderr.write(`Components are not tested: ${chromium.reason}\n`);

export default defineConfig({
  test: {
    maxWorkers: Math.max(1, Math.min(4, availableParallelism())),
    passWithNoTests: false,
    projects: 'reason' in chromium ? [node] : [node, inBrowser(chromium.executablePath)],
  },
});

function inBrowser(executablePath: string): TestProjectInlineConfiguration {
  return {
    plugins: [svelte({ configFile: false })],
    // What Vite would only find while tests run, and then reload them; icons bundled apart would bring a Svelte of their own.
    optimizeDeps: { exclude: ['@lucide/svelte'], include: ['fast-check', 'i18next', 'svelte/compiler', 'zod'] },
    test: {
      name: 'browser',
      include: [IN_BROWSER],
      setupFiles: ['test/renderer/setup.ts'],
      testTimeout: 30_000,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({ launchOptions: { executablePath, args: chromiumArguments() } }),
        instances: [{ browser: 'chromium' }],
      },
    },
  };
}
