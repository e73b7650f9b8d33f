import { describe, expect, it } from 'vitest';
import { plainSkipCodes, skipReasonSchema, skipReasonText } from '../../../core/photo/skip-reason.ts';
import { unreadableMessage } from '../../../core/photo/unreadable.ts';

describe('why something was passed over', () => {
  it('is said in English with what it is about', () => {
    const formats = [
      { extension: 'nef', count: 2 },
      { extension: 'cr3', count: 1 },
    ];
    expect(skipReasonText({ code: 'foreign-formats', formats })).toBe(
      'it also holds photos in formats that cannot be read (2 NEF, 1 CR3)',
    );
    expect(skipReasonText({ code: 'same-folder', twin: '/photos' })).toBe('it is the same folder as /photos');
    expect(skipReasonText({ code: 'refused', system: 'EBUSY' })).toBe('the system refuses to open it (EBUSY)');
    const texts = plainSkipCodes.map((code) => skipReasonText({ code }));
    expect(new Set(texts).size).toBe(plainSkipCodes.length);
  });

  it('of a file that cannot be read is what is said of one that was named', () => {
    expect(skipReasonText({ code: 'forbidden' })).toBe(unreadableMessage('EACCES', '/a'));
    expect(unreadableMessage('EBUSY', '/a')).toBeNull();
  });

  it('is nothing else', () => {
    for (const reason of [{ code: 'link' }, { code: 'same-folder', twin: '/a' }])
      expect(skipReasonSchema.parse(reason)).toEqual(reason);
    for (const reason of [{ code: 'no-idea' }, { code: 'same-folder' }, { code: 'foreign-formats', formats: [] }, 'link'])
      expect(skipReasonSchema.safeParse(reason).success).toBe(false);
  });
});
