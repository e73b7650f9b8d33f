import { describe, expect, test } from 'vitest';
import { languages } from '../../../../../core/photo/preferences.ts';
import { plainSkipCodes, skipReasonText, type SkipReason } from '../../../../../core/photo/skip-reason.ts';
import { skipWords } from '../../../../../renderer/features/library/add/skip-words.ts';
import { setLanguage } from '../../../../../renderer/messages/index.svelte.ts';

const reasons: readonly SkipReason[] = [
  ...plainSkipCodes.map((code) => ({ code })),
  { code: 'same-folder', twin: '/photos/here' },
  { code: 'foreign-formats', formats: [{ extension: 'nef', count: 2 }] },
  { code: 'refused', system: 'EBUSY' },
];

describe('why a file was passed over', () => {
  test.each(languages)('is said in %s, with what it is about', async (language) => {
    await setLanguage(language);
    const words = reasons.map(skipWords);
    expect(new Set(words).size).toBe(reasons.length);
    for (const [index, part] of ['/photos/here', '2 NEF', 'EBUSY'].entries()) expect(words.at(index - 3)).toContain(part);
    if (language !== 'en') expect(words.filter((text, index) => text === skipReasonText(reasons[index]!))).toEqual([]);
    expect(words.join()).not.toContain('library.skipped');
  });
});
