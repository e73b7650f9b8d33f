import { expect, test } from 'vitest';
import { publisherFrom } from '../../../build/package/publisher.ts';

const said = {
  ENLARGER_APP_ID: 'org.example.enlarger',
  ENLARGER_PUBLISHER: 'Example',
  ENLARGER_MAINTAINER: 'Example <a@example.org>',
  ENLARGER_HOMEPAGE: 'https://example.org/',
};

test('a release is by whoever is said', () => {
  expect(publisherFrom(said, true)).toEqual({
    appId: 'org.example.enlarger',
    name: 'Example',
    maintainer: 'Example <a@example.org>',
    homepage: 'https://example.org/',
    issues: null,
  });
});

test.each(Object.keys(said))('a release without %s is refused', (name) => {
  expect(() => publisherFrom({ ...said, [name]: ' ' }, true)).toThrow(name);
});

test('a package that nobody publishes claims no name that somebody could have', () => {
  const { appId, maintainer, homepage } = publisherFrom({}, false);
  expect(appId).toMatch(/^localhost\./);
  expect(maintainer).toMatch(/\.invalid>$/);
  expect(new URL(homepage).hostname).toMatch(/\.invalid$/);
});
