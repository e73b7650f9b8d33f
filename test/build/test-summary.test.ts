import { describe, expect, it } from 'vitest';
import { countTests, summaryLine } from '../../build/test-summary.ts';

interface File {
  readonly status: 'passed' | 'failed';
  readonly tests: readonly ('passed' | 'failed' | 'pending' | 'todo')[];
}

function reportOf(files: readonly File[]): string {
  const count = (status: string) => files.flatMap(({ tests }) => tests).filter((test) => test === status).length;
  return JSON.stringify({
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    numPendingTests: count('pending'),
    numTodoTests: count('todo'),
    testResults: files.map(({ status, tests }) => ({ status, assertionResults: tests.map((test) => ({ status: test })) })),
  });
}

describe('the counts of a test run', () => {
  it('are those of vitest when all passed', () => {
    const report = reportOf([{ status: 'passed', tests: ['passed', 'passed', 'pending', 'todo'] }]);
    expect(countTests(report, 0)).toEqual({ passed: 2, failed: 0, skipped: 2 });
  });

  it('count each failed test once', () => {
    const report = reportOf([{ status: 'failed', tests: ['passed', 'failed', 'failed'] }]);
    expect(countTests(report, 1)).toEqual({ passed: 1, failed: 2, skipped: 0 });
  });

  it('count a file that fails outside its tests', () => {
    const report = reportOf([
      { status: 'failed', tests: [] },
      { status: 'failed', tests: ['passed', 'pending'] },
    ]);
    expect(countTests(report, 1)).toEqual({ passed: 1, failed: 2, skipped: 1 });
  });

  it('add the failures from before', () => {
    expect(countTests(reportOf([{ status: 'passed', tests: ['passed'] }]), 0, 2).failed).toBe(2);
    expect(countTests(null, 1, 2).failed).toBe(3);
  });

  it.each([
    ['vitest failed and no test did', reportOf([{ status: 'passed', tests: ['passed'] }]), 1],
    ['no test ran', reportOf([]), 0],
    ['all tests were skipped', reportOf([{ status: 'passed', tests: ['pending'] }]), 0],
    ['there is no report', null, 0],
  ])('never look like success when %s', (_case, report, exitCode) => {
    expect(countTests(report, exitCode).failed).toBe(1);
  });

  it('are written as one plain line', () => {
    expect(summaryLine({ passed: 12, failed: 0, skipped: 3 })).toBe('12 passed, 0 failed, 3 skipped');
  });
});
