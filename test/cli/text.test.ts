import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayWidth, escapeControls, truncateMiddle } from '../../cli/text.ts';

describe('escaping', () => {
  it('shows what a terminal would obey', () => {
    expect(escapeControls('a\nb\r\tc\u001b[2Jd\u009be\u202ef\u2028g')).toBe('a\\nb\\r\\tc\\x1b[2Jd\\x9be\\u202ef\\u2028g');
  });

  it('leaves names of any script alone', () => {
    const names = ['Straße.jpg', '写真 1.jpg', 'é.jpg', 'e\u0301.jpg', '👨‍👩‍👧.png', 'שלום.jpg'];
    expect(names.map(escapeControls)).toEqual(names);
  });

  it('leaves no control character in any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/\p{Cc}/u.test(escapeControls(text))));
  });
});

describe('width', () => {
  it.each([
    ['abc', 3],
    ['é', 1],
    ['e\u0301', 1],
    ['写真', 4],
    ['👨‍👩‍👧', 2],
    ['…', 1],
  ])('of %s is %d', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  it('after truncation is never more than asked for, and what fits is untouched', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 0, max: 60 }), (text, columns) => {
        const cut = truncateMiddle(text, columns);
        expect(displayWidth(cut)).toBeLessThanOrEqual(columns);
        if (displayWidth(text) <= columns) expect(cut).toBe(text);
      }),
    );
  });

  it('keeps beginning and extension', () => {
    expect(truncateMiddle('holiday in the mountains.jpg', 15)).toBe('holiday…ins.jpg');
  });
});
