import { expect, it } from 'vitest';
import { newToken, sameToken } from '../../../cli/serve/token.ts';

it('a token is one path segment of a URL, and never the same twice', () => {
  const tokens = Array.from({ length: 1000 }, newToken);
  expect(new Set(tokens).size).toBe(tokens.length);
  for (const token of tokens) expect(encodeURIComponent(token)).toBe(token);
});

it('only the same word is the same, whatever is given', () => {
  const token = newToken();
  expect(sameToken(token, token)).toBe(true);
  for (const other of ['', token.slice(1), `${token}\0`, token.toLowerCase() + token, 'ü'.repeat(32), '\ud800'])
    expect(sameToken(other, token)).toBe(false);
});
