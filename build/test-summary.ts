/** The parts of vitest's JSON report that are counted. */
interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly { readonly status: string }[] }[];
}

/** How many tests ended which way. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Counts the tests of a run. A file that fails before or outside its tests counts as one failure, and so does a run that
 * failed with no failed test to show for it or in which no test ran: neither may look like success.
 *
 * @param reportJson vitest's JSON report, or null when it wrote none
 * @param exitCode of vitest
 * @param failedBefore failures outside the tests that are counted with them
 */
export function countTests(reportJson: string | null, exitCode: number, failedBefore = 0): TestCounts {
  if (reportJson === null) return { passed: 0, failed: 1 + failedBefore, skipped: 0 };
  const report = JSON.parse(reportJson) as VitestReport;
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  );
  const passed = report.numPassedTests;
  const failed = report.numFailedTests + brokenFiles.length;
  const skipped = report.numPendingTests + report.numTodoTests;
  const unexplained = failed === 0 && (exitCode !== 0 || passed === 0);
  return { passed, failed: (unexplained ? 1 : failed) + failedBefore, skipped };
}

/** The line a run ends with, for people and for scripts. */
export function summaryLine({ passed, failed, skipped }: TestCounts): string {
  return `${String(passed)} passed, ${String(failed)} failed, ${String(skipped)} skipped`;
}
