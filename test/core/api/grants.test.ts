import { describe, expect, it } from 'vitest';
import { createGrants } from '../../../core/api/grants.ts';

describe('grants', () => {
  it('stand for exactly the path they were issued for', () => {
    const grants = createGrants();
    const paths = ['/photos', '/photos/', 'C:\\x', '/e\u0301', '/\u00e9', ''];
    const words = paths.map((path) => grants.issue(path));
    expect(words.map((word) => grants.resolve(word))).toEqual(paths);
    expect(new Set(words).size).toBe(paths.length);
    expect(grants.issue('/photos')).toBe(words[0]);
  });

  it('cannot be guessed: 128 bits, another word in each host, none of the path in it', () => {
    const word = createGrants().issue('/photos');
    expect(Buffer.from(word, 'base64url')).toHaveLength(16);
    expect(createGrants().issue('/photos')).not.toBe(word);
    expect(word).not.toContain('photos');
  });

  it.each(['', '/photos', '../photos', '__proto__', 'constructor', 'A'.repeat(22)])('do not take "%s" for a word', (word) => {
    const grants = createGrants();
    grants.issue('/photos');
    expect(() => grants.resolve(word)).toThrow(expect.objectContaining({ code: 'not-found' }) as Error);
  });
});
