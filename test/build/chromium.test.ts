import { describe, expect, it } from 'vitest';
import { findChromium } from '../../build/chromium.ts';

describe('the Chromium that the window is tested with', () => {
  it('is the one that was named', () => {
    expect(findChromium({ ENLARGER_CHROMIUM: process.execPath })).toEqual({ executablePath: process.execPath });
  });

  it('is none when the one that was named is not there: another would be tested in silence', () => {
    expect(findChromium({ ENLARGER_CHROMIUM: '/nowhere/chromium' })).toEqual({
      reason: 'ENLARGER_CHROMIUM names /nowhere/chromium, which does not exist.',
    });
  });

  it('is found, or its absence is told', () => {
    const found = findChromium({ ENLARGER_CHROMIUM: '' });
    expect(Object.values(found)).toEqual([expect.stringMatching(/chrom|No Chromium was found/)]);
  });
});
