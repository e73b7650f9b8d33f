import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportSettingsSchema } from '../../../core/photo/export-settings.ts';
import { nameByTemplate, templateProblem, type NameValues } from '../../../core/photo/name-template.ts';
import { assignNames, foldName, hasPhotoExtension, siblingName } from '../../../core/photo/output-name.ts';
import { outputFormats } from '../../../core/photo/recipe.ts';

function nameValues(overrides: Partial<NameValues> = {}): NameValues {
  return {
    fileName: 'IMG_1.JPG',
    scale: 2,
    model: 'photo-x2',
    takenAt: '2024-05-31T18:04:09',
    album: 'Lake',
    number: 7,
    count: 120,
    ...overrides,
  };
}

const filled = (template: string, overrides: Partial<NameValues> = {}) => {
  const { folders, name } = nameByTemplate(template, nameValues(overrides), 'jpeg');
  return [...folders, siblingName(name, 0)].join('/');
};

describe('a name template', () => {
  it.each([
    ['{name}', 'IMG_1.JPG'],
    ['{name}_{scale}x', 'IMG_1_2x.JPG'],
    ['{name} {model}', 'IMG_1 photo-x2.JPG'],
    ['{date}/{name}', '2024-05-31/IMG_1.JPG'],
    ['{album}/{date} {n}', 'Lake/2024-05-31 007.JPG'],
    ['{n:5}-{name}', '00007-IMG_1.JPG'],
    ['holiday', 'holiday.JPG'],
    ['a}b', 'a}b.JPG'],
    ['../../{name}', '_/_/IMG_1.JPG'],
    ['/{name}', 'IMG_1.JPG'],
    ['a//./{name}', 'a/_/IMG_1.JPG'],
    ['CON/nul', 'CON_/nul_.JPG'],
    ['C:\\photos\\{name}', 'C__photos_IMG_1.JPG'],
    [' {name} / {name} ', 'IMG_1/IMG_1.JPG'],
  ])('%s gives %s', (template, expected) => {
    expect(templateProblem(template)).toBeNull();
    expect(filled(template)).toBe(expected);
  });

  it('says something sensible where a photo has nothing to say', () => {
    expect(filled('{album}/{name}', { album: null })).toBe('IMG_1.JPG');
    expect(filled('{album} {name}', { album: null })).toBe('IMG_1.JPG');
    expect(filled('{album}', { album: null })).toBe('IMG_1.JPG');
    expect(filled('{date} {model}', { takenAt: null, model: null })).toBe('undated none.JPG');
    expect(filled('{date}', { takenAt: 'long ago' })).toBe('undated.JPG');
    expect(filled('{scale}', { scale: 1.3333 })).toBe('1.33.JPG');
  });

  it('makes no folder of what a field holds', () => {
    expect(filled('{album}/{name}', { album: '../2024/05', fileName: '..\\..\\x.jpg' })).toBe('.._2024_05/.._.._x.jpg');
  });

  it.each([
    ['{nmae}', '{nmae}'],
    ['{}', '{}'],
    ['{name', 'without its }'],
    ['{na{me}', 'without its }'],
    ['{n:0}', '{n:0}'],
    ['{n:12}', '{n:12}'],
    ['{constructor}', '{constructor}'],
    ['{name}/', 'ends with a folder'],
    ['a/b/c/d/e/f/g/h/i/{name}', 'more than 8 folders'],
  ])('%s is refused, with what is known', (template, says) => {
    expect(templateProblem(template)).toContain(says);
    if (says.includes('{')) expect(templateProblem(template)).toContain('{name}, {scale}, {model}, {date}, {album}, {n}, {n:3}');
    expect(() => nameByTemplate(template, nameValues(), 'jpeg')).toThrow();
    const parsed = exportSettingsSchema.safeParse({ template });
    expect(parsed.error?.issues[0]?.message).toContain(says);
  });
});

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('..', '.', '', 'CON', 'a/b', '\\', 'x. ', '\u0000', '👩‍👩‍👧‍👦'.repeat(20), 'e\u0301', 'é'),
);
const templates = fc
  .array(fc.oneof(text, fc.constantFrom('{name}', '{scale}', '{model}', '{date}', '{album}', '{n}', '{n:3}', '/', '../')), {
    minLength: 1,
    maxLength: 12,
  })
  .map((parts) => parts.join(''))
  .filter((template) => templateProblem(template) === null);
const values = fc.record({
  fileName: text.map((name) => `${name}x.jpg`),
  scale: fc.double({ min: 0.01, max: 8, noNaN: true }),
  model: fc.option(text),
  takenAt: fc.option(fc.oneof(text, fc.constant('2024-05-31T18:04:09'))),
  album: fc.option(text),
  number: fc.integer({ min: 1, max: 100_000 }),
  count: fc.integer({ min: 1, max: 100_000 }),
});
const formats = fc.constantFrom(...outputFormats);

describe('any template with any values', () => {
  it('gives parts that are legal on every system and lead nowhere else', () => {
    fc.assert(
      fc.property(templates, values, formats, fc.nat(2000), (template, given, format, number) => {
        const { folders, name } = nameByTemplate(template, given, format);
        expect(folders.length).toBeLessThanOrEqual(8);
        const file = siblingName(name, number);
        expect(hasPhotoExtension(file)).toBe(true);
        for (const part of [...folders, file]) {
          expect(part).not.toBe('');
          expect(new TextEncoder().encode(part).length).toBeLessThanOrEqual(255);
          expect(part).not.toMatch(/[<>:"/\\|?*\p{Cc}]/u);
          expect(part).not.toMatch(/[. ]$/);
          expect(part.split('.')[0]).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)$/i);
        }
      }),
    );
  });

  it('gives the same each time', () => {
    fc.assert(
      fc.property(templates, values, formats, (template, given, format) => {
        expect(nameByTemplate(template, { ...given }, format)).toEqual(nameByTemplate(template, given, format));
      }),
    );
  });

  it('gives files of their own to any number of photos', () => {
    fc.assert(
      fc.property(templates, fc.array(values, { maxLength: 20 }), formats, (template, photos, format) => {
        const wanted = photos.map((given) => {
          const { folders, name } = nameByTemplate(template, given, format);
          return { folder: folders.join('/'), name };
        });
        const paths = assignNames(wanted).map((name, index) =>
          foldName(`${wanted[index]?.folder ?? ''}/${siblingName(name, name.first)}`),
        );
        expect(new Set(paths).size).toBe(photos.length);
      }),
    );
  });
});
