import { afterEach, describe, expect, it } from 'vitest';
import type { PhotoPage } from '../../../../../core/photo/library-view.ts';
import { noDetails } from '../../../../../core/photo/photo-details.ts';
import { exposureText, photoFacts, positionText } from '../../../../../renderer/features/library/photo/photo-fact-words.ts';
import { setLanguage } from '../../../../../renderer/messages/index.svelte.ts';
import { photoPage } from './photo-pages.ts';

afterEach(() => setLanguage('en'));

const facts = (page: PhotoPage): Record<string, string> =>
  Object.fromEntries(photoFacts(page).map(({ label, text }) => [label.replace('library.facts.', ''), text]));

describe('what is known of a photo', () => {
  it('is said in the words of photographers', () => {
    expect(facts(photoPage(1))).toEqual({
      taken: 'July 14, 2019 at 6:04 PM',
      size: '4032 × 3024',
      megapixels: '12 MP',
      camera: 'X-T4',
      lens: 'XF 35 mm',
      exposure: '1/250 s, ƒ/4, ISO 200, 35 mm',
      position: '59.9139° N, 10.7522° E',
      keywords: 'fjord and summer',
      format: 'JPEG, progressive',
      depth: '8 bits, RGB',
      profile: 'Display P3',
      density: '300 dpi',
      bytes: '3.2 MB',
      path: '/photos/IMG_0001.jpg',
    });
  });

  it('is little before the file was looked at', () => {
    const page = photoPage(1, { facts: null, details: null, width: null, height: null });
    expect(Object.keys(facts(page))).toEqual(['bytes', 'path']);
  });

  it('names transparency and further pages where there are any', () => {
    const page = photoPage(1);
    const shown = facts({
      ...page,
      facts: { ...page.facts!, format: 'webp', hasAlpha: true, bitDepth: 16, pages: 3, progressive: false },
    });
    expect(shown).toMatchObject({ format: 'WebP', depth: '16 bits, RGB, with transparency', pages: '3' });
  });
});

describe('an exposure', () => {
  it.each([
    [1 / 4000, '1/4000 s'],
    [1 / 60, '1/60 s'],
    [0.25, '1/4 s'],
    [0.5, '0.5 s'],
    [1, '1 s'],
    [30, '30 s'],
  ])('of %d s is %s', (exposureSeconds, text) => {
    expect(exposureText({ ...noDetails, exposureSeconds })).toBe(text);
  });

  it('says only what is known, and nothing for nothing', () => {
    expect(exposureText({ ...noDetails, fNumber: 2.8, iso: 64 })).toBe('ƒ/2.8, ISO 64');
    expect(exposureText(noDetails)).toBeNull();
  });
});

describe('a position', () => {
  it.each([
    [48.85837, 2.29448, '48.8584° N, 2.2945° E'],
    [-33.8568, 151.2153, '33.8568° S, 151.2153° E'],
    [-22.9519, -43.2105, '22.9519° S, 43.2105° W'],
    [0, 0, '0.0000° N, 0.0000° E'],
  ])('%d, %d is %s', (latitude, longitude, text) => {
    expect(positionText({ latitude, longitude })).toBe(text);
  });

  it('is none with half of it', () => {
    expect(positionText({ latitude: 48, longitude: null })).toBeNull();
  });

  it('is written as its language does', async () => {
    await setLanguage('de');
    expect(positionText({ latitude: 48.85837, longitude: 2.29448 })).toBe('48,8584° N, 2,2945° O');
  });
});
