import { describe, expect, it } from 'vitest';
import { npmFailure } from '../../../build/bootstrap/npm.mjs';

describe('a failed npm ci', () => {
  it.each([
    ['EAI_AGAIN', /network/],
    ['ENOTFOUND', /network/],
    ['ECONNREFUSED', /network/],
    ['ENOSPC', /disk is full/],
    ['EACCES', /may not write/],
    ['EROFS', /may not write/],
    ['EINTEGRITY', /cache clean/],
    ['EUSAGE', /npm install/],
    ['E404', /registry/],
  ])('with %s says what to do', (code, says) => {
    for (const prefix of ['npm error', 'npm ERR!']) {
      const { message, exitCode } = npmFailure(`${prefix} code ${code}\n${prefix} more words\n`, null);
      expect(message).toMatch(says);
      expect(message).toContain('run the command again');
      expect(message).toContain('more words');
      expect(exitCode).toBe(1);
    }
  });

  it('with a cause that is not known shows the words of npm, without its manual page', () => {
    const words = Array.from({ length: 50 }, (_, line) => `npm error line ${line}`).join('\n');
    const { message } = npmFailure(words, null);
    expect(message).toContain('line 0');
    expect(message).not.toContain('line 49');
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s ends with exit code %i', (signal, exitCode) => {
    expect(npmFailure('', signal).exitCode).toBe(exitCode);
  });
});
