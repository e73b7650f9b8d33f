import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contrast, over, tokenColour, type Colour } from './colours.ts';

const themes = ['light', 'dark'] as const;
const white: Colour = [255, 255, 255, 1];
const black: Colour = [0, 0, 0, 1];

/** WCAG 2.2, level AA: text that is not large, and what tells controls and their state. */
const forText = 4.5;
const forShapes = 3;

const backgrounds = ['bg-0', 'bg-1', 'bg-2', 'bg-3'] as const;

describe.each(themes)('in the %s theme', (theme) => {
  const root = document.documentElement;
  beforeEach(() => (root.dataset['theme'] = theme));
  afterEach(() => delete root.dataset['theme']);

  test.each(['text-1', 'text-2', 'text-3'].flatMap((text) => backgrounds.map((background) => [text, background] as const)))(
    '%s can be read on %s',
    (text, background) => {
      expect(contrast(tokenColour(text), tokenColour(background))).toBeGreaterThanOrEqual(forText);
    },
  );

  test.each(
    ['accent', 'good', 'bad', 'info'].flatMap((text) =>
      ['bg-1', 'bg-2', 'bg-3'].map((background) => [text, background] as const),
    ),
  )('%s can be read on %s', (text, background) => {
    expect(contrast(tokenColour(text), tokenColour(background))).toBeGreaterThanOrEqual(forText);
  });

  test.each([
    ['the main button', 'var(--on-accent)', 'var(--accent)'],
    ['the main button that is pointed at', 'var(--on-accent)', 'color-mix(in oklab, var(--accent), var(--text-1) 14%)'],
    ['a button that is pointed at', 'var(--text-1)', 'color-mix(in oklab, var(--bg-3), var(--text-1) 10%)'],
    ['a lost connection', 'var(--bg-1)', 'var(--bad)'],
  ])('the text of %s can be read', (_, text, background) => {
    expect(contrast(tokenColour(text), tokenColour(background))).toBeGreaterThanOrEqual(forText);
  });

  test.each(backgrounds)('the focus is seen on %s', (background) => {
    expect(contrast(tokenColour('accent'), tokenColour(background))).toBeGreaterThanOrEqual(forShapes);
  });

  test.each(['bg-1', 'bg-2'])('the edges of fields are seen on %s', (background) => {
    expect(contrast(tokenColour('line-strong'), tokenColour(background))).toBeGreaterThanOrEqual(forShapes);
  });

  test.each(['on-photo', 'on-photo-good', 'on-photo-bad', 'on-photo-accent'])('%s can be read on any photo', (text) => {
    for (const photo of [white, black]) {
      expect(contrast(tokenColour(text), over(tokenColour('over-photo'), photo))).toBeGreaterThanOrEqual(forText);
    }
  });
});

describe('the measure', () => {
  test('is that of WCAG', () => {
    expect(contrast(white, black)).toBeCloseTo(21, 5);
    expect(contrast([119, 119, 119, 1], white)).toBeCloseTo(4.478, 3);
    expect(over([0, 0, 0, 0.5], white)).toEqual([127.5, 127.5, 127.5, 1]);
  });
});
