import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignNames, foldName, hasPhotoExtension, siblingName, targetName } from '../../../core/photo/output-name.ts';
import { outputFormats } from '../../../core/photo/recipe.ts';

const names = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
  fc.constantFrom('a', 'A', 'CON', 'con.x', 'a.', 'a ', 'x:y', '.hidden', 'é', 'e\u0301', 'ß', 'SS', '👩‍👩‍👧‍👦'.repeat(20)),
);
const files = fc
  .tuple(names, fc.constantFrom('.jpg', '.JPG', '.jpeg', '.png', '.heic', '.tif', '', '.2024'))
  .map(([stem, extension]) => stem + extension);
const formats = fc.constantFrom(...outputFormats);

describe('a result name', () => {
  it.each([
    ['a.jpg', 'jpeg', 'a.jpg'],
    ['a.JPG', 'jpeg', 'a.JPG'],
    ['a.jpeg', 'jpeg', 'a.jpeg'],
    ['a.JFIF', 'jpeg', 'a.JFIF'],
    ['a.TIFF', 'tiff', 'a.TIFF'],
    ['a.HEIC', 'jpeg', 'a.jpg'],
    ['a.jpg', 'png', 'a.png'],
    ['a.jpg.png', 'png', 'a.jpg.png'],
    ['holiday.2024', 'jpeg', 'holiday.2024.jpg'],
    ['.hidden', 'png', '.hidden.png'],
    ['no extension', 'webp', 'no extension.webp'],
    ['CON.jpg', 'jpeg', 'CON_.jpg'],
    ['com1.tar.jpg', 'jpeg', 'com1_.tar.jpg'],
    ['a:b?.jpg', 'jpeg', 'a_b_.jpg'],
    ['x..jpg', 'jpeg', 'x.jpg'],
    ['x .jpg', 'jpeg', 'x.jpg'],
    ['....jpg', 'jpeg', '_.jpg'],
  ] as const)('of %s as %s is %s', (name, format, expected) => {
    expect(siblingName(targetName(name, format), 0)).toBe(expected);
  });

  it('is legal on every system, whatever the file is called', () => {
    fc.assert(
      fc.property(files, formats, fc.nat(2000), (name, format, number) => {
        const result = siblingName(targetName(name, format), number);
        expect(new TextEncoder().encode(result).length).toBeLessThanOrEqual(255);
        expect(result).not.toMatch(/[<>:"/\\|?*\p{Cc}]/u);
        expect(result).not.toMatch(/[. ]$/);
        expect(result.split('.')[0]).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)$/i);
        expect(result).not.toMatch(/^\.[^.]*$/);
        if (name.isWellFormed()) expect(result.isWellFormed()).toBe(true);
      }),
    );
  });

  it('of a photo is a photo name', () => {
    fc.assert(
      fc.property(files, formats, (name, format) => {
        expect(hasPhotoExtension(siblingName(targetName(name, format), 0))).toBe(true);
      }),
    );
  });

  it('keeps a plain name as it is spelt', () => {
    fc.assert(
      fc.property(
        fc
          .stringMatching(/^[\p{L}\p{N}_ -]{0,40}[\p{L}\p{N}]\d$/u)
          .filter((stem) => !/^(com|lpt)\d$/i.test(stem) && stem.length < 80),
        (stem) => {
          expect(siblingName(targetName(`${stem}.jpg`, 'jpeg'), 0)).toBe(`${stem}.jpg`);
        },
      ),
    );
  });

  it('too long for a disk is cut between whole letters', () => {
    const name = siblingName(targetName(`${'👩‍👩‍👧‍👦'.repeat(30)}.jpg`, 'jpeg'), 12);
    expect(name).toBe(`${'👩‍👩‍👧‍👦'.repeat(9)} (12).jpg`);
  });
});

describe('the names of one run', () => {
  const wanted = fc.array(
    fc.record({
      folder: fc.constantFrom('', 'x', 'X', 'y/z'),
      name: fc.tuple(files, formats).map(([name, format]) => targetName(name, format)),
    }),
    { maxLength: 30 },
  );

  it('are different on every disk', () => {
    fc.assert(
      fc.property(wanted, (list) => {
        const keys = assignNames(list).map(
          (name, index) => `${foldName(list[index]?.folder ?? '')}/${foldName(siblingName(name, name.first))}`,
        );
        expect(new Set(keys).size).toBe(list.length);
      }),
    );
  });

  it('are the same for the same list, and do not depend on what comes later', () => {
    fc.assert(
      fc.property(wanted, fc.nat(30), (list, count) => {
        expect(assignNames(list)).toEqual(assignNames(list));
        expect(assignNames(list.slice(0, count))).toEqual(assignNames(list).slice(0, count));
      }),
    );
  });

  it('take the first free number in order', () => {
    const name = targetName('a.jpg', 'jpeg');
    const taken = [name, targetName('a (1).jpg', 'jpeg'), targetName('A.png', 'jpeg'), name];
    expect(
      assignNames(taken.map((entry) => ({ folder: '', name: entry }))).map((entry) => siblingName(entry, entry.first)),
    ).toEqual(['a.jpg', 'a (1).jpg', 'A (2).jpg', 'a (3).jpg']);
  });
});

describe('folding', () => {
  it.each([
    ['a', 'A'],
    ['é', 'e\u0301'],
    ['É', 'e\u0301'],
    ['ß', 'ss'],
    ['ς', 'σ'],
    ['ﬁ', 'fi'],
    ['Å', '\u212b'],
  ])('takes %s and %s for one', (a, b) => {
    expect(foldName(a)).toBe(foldName(b));
  });

  it.each([
    ['a', 'b'],
    ['e', 'é'],
    ['a', 'a '],
    ['a1', 'a2'],
  ])('keeps %s and %s apart', (a, b) => {
    expect(foldName(a)).not.toBe(foldName(b));
  });

  it('is settled after one time', () => {
    fc.assert(
      fc.property(names, (name) => {
        expect(foldName(foldName(name))).toBe(foldName(name));
      }),
    );
  });
});
