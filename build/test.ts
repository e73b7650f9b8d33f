/**
 * @file Command `npm test [-- filters and options of vitest]`: runs the tests with this Node and ends with one plain line,
 * `N passed, N failed, N skipped`. `--long` adds the tests that take minutes,
 * `--failed-checks=N` counts N failures that happened before.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { countTests, summaryLine } from './test-summary.ts';

const root = path.resolve(import.meta.dirname, '..');
const reportFile = path.join(root, '.cache', 'test-report.json');
const OWN_OPTION = /^--(?:long|failed-checks=(\d+))$/;
const args = process.argv.slice(2);
const isLong = args.includes('--long');
const failedChecks = args.reduce((sum, arg) => sum + Number(OWN_OPTION.exec(arg)?.[1] ?? 0), 0);

mkdirSync(path.dirname(reportFile), { recursive: true });
rmSync(reportFile, { force: true });
const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
const { status } = spawnSync(process.execPath, [vitest, 'run', ...reporters, ...args.filter((arg) => !OWN_OPTION.test(arg))], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, ...(isLong ? { ENLARGER_TEST_LONG: '1' } : {}) },
});
const counts = countTests(readReport(), status ?? 1, failedChecks);
console.log(summaryLine(counts));
process.exitCode = counts.failed > 0 ? 1 : 0;

function readReport(): string | null {
  try {
    return readFileSync(reportFile, 'utf8');
  } catch {
    return null; // vitest ended before it could report; it has said why.
  }
}
