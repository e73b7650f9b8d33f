/** @file Command `npm run check`: every check that needs no test run. All of them run, whichever fails first. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const inModules = (file: string): string => path.join(root, 'node_modules', file);

const CHECKS: readonly { readonly name: string; readonly command: readonly string[] }[] = [
  { name: 'types of core/photo', command: [inModules('typescript/bin/tsc'), '-p', 'core/photo'] },
  { name: 'types', command: [inModules('typescript/bin/tsc'), '-p', '.'] },
  { name: 'types of test/e2e', command: [inModules('typescript/bin/tsc'), '-p', 'test/e2e'] },
  {
    name: 'types of the window',
    command: [inModules('svelte-check/bin/svelte-check'), '--tsconfig', 'renderer/tsconfig.json', '--fail-on-warnings'],
  },
  { name: 'import law', command: [path.join(root, 'build', 'check-layers.ts')] },
  { name: 'lint', command: [inModules('eslint/bin/eslint.js'), '--max-warnings=0', '.'] },
  { name: 'format', command: [inModules('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.'] },
  { name: 'dead code', command: [inModules('knip/bin/knip.js')] },
];

const failed = CHECKS.filter(({ name, command }) => {
  const startedMs = performance.now();
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' });
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  return status !== 0;
});
if (failed.length > 0) console.log(`check failed: ${failed.map(({ name }) => name).join(', ')}`);
process.exitCode = failed.length > 0 ? 1 : 0;
