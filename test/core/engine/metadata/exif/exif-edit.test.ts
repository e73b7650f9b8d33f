import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editExif, type ExifEdit } from '../../../../../core/engine/metadata/exif/exif-edit.ts';
import { layOutExif } from '../../../../../core/engine/metadata/exif/exif-layout.ts';
import { parseExifTree } from '../../../../../core/engine/metadata/exif/exif-tree.ts';
import { MalformedMetadata } from '../../../../../core/engine/metadata/malformed.ts';
import { defaultMakerNote, exifBlock, positionPatterns, thumbnail } from '../fixtures.ts';

const edit: ExifEdit = { width: 960, height: 1280, stripPosition: false, convertedToSrgb: false };
const orders = [true, false];

function number(block: Uint8Array, kind: 'ifd0' | 'exif', id: number): { type: number; value: number } | undefined {
  const field = parseExifTree(block)[kind].find((candidate) => candidate.tag === id);
  return field && { type: field.type, value: Buffer.from(field.data).readUIntLE(0, field.data.length) };
}

function tryEdit(block: Uint8Array, options: ExifEdit): Uint8Array | null {
  try {
    return editExif(block, options);
  } catch (thrown) {
    const code = (thrown as { code?: string }).code;
    if (thrown instanceof MalformedMetadata || code === 'ERR_OUT_OF_RANGE' || code === 'ERR_BUFFER_OUT_OF_BOUNDS') return null;
    throw thrown;
  }
}

describe.each(orders)('editing an EXIF block (little-endian: %s)', (littleEndian) => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8, 0, 9])('turns orientation %i into 1 and sets the true size', (orientation) => {
    const edited = editExif(exifBlock({ littleEndian, orientation }), edit);
    expect(number(edited, 'ifd0', 0x112)).toEqual({ type: 3, value: 1 });
    for (const [kind, id, value] of [['ifd0', 0x100, 960], ['ifd0', 0x101, 1280], ['exif', 0xa002, 960], ['exif', 0xa003, 1280]] as const) {
      expect(number(edited, kind, id)).toEqual({ type: 3, value });
    } // prettier-ignore
  });

  test.each([3, 4] as const)('holds sizes beyond 65,535 whatever the type was (%i)', (sizeType) => {
    const edited = editExif(exifBlock({ littleEndian, sizeType }), { ...edit, width: 70_000, height: 80_000 });
    expect(number(edited, 'exif', 0xa002)).toEqual({ type: 4, value: 70_000 });
    expect(number(edited, 'ifd0', 0x101)).toEqual({ type: 4, value: 80_000 });
  });

  test('lets focal plane resolution grow with the picture', () => {
    const field = parseExifTree(editExif(exifBlock({ littleEndian }), edit)).exif.find((each) => each.tag === 0xa20e);
    expect(Buffer.from(field?.data ?? []).readUInt32LE(0)).toBe(4000 * (1280 / 640));
  });

  test('leaves every other value byte for byte where it was, the maker note included', () => {
    const block = exifBlock({ littleEndian });
    const edited = editExif(block, edit);
    const noteAt = block.indexOf(defaultMakerNote);
    expect(edited.length).toBe(block.length);
    expect(Buffer.from(edited).indexOf('offsets stay')).toBe(noteAt + defaultMakerNote.indexOf('offsets stay'));
    const before = parseExifTree(block);
    const after = parseExifTree(edited);
    expect(after.gps).toEqual(before.gps);
    expect(after.interop).toEqual(before.interop);
    const changed = [0x100, 0x101, 0x112, 0x927c, 0xa002, 0xa003, 0xa20e];
    for (const kind of ['ifd0', 'exif'] as const) {
      const untouched = (tree: typeof before) => tree[kind].filter((field) => !changed.includes(field.tag));
      expect(untouched(after)).toEqual(untouched(before));
    }
  });

  test('wipes the thumbnail, its directory, and previews in the maker note', () => {
    const block = exifBlock({ littleEndian });
    const edited = Buffer.from(editExif(block, edit));
    expect(block.indexOf('THUMBNAIL-PIXELS')).toBeGreaterThan(0);
    expect(edited.indexOf('THUMBNAIL-PIXELS')).toBe(-1);
    expect(edited.indexOf(thumbnail.subarray(0, 6))).toBe(-1);
    expect(layOutExif(edited).ifds.map(({ kind }) => kind)).not.toContain('thumbnail');
  });

  test('wipes a thumbnail that is no JPEG too', () => {
    const block = exifBlock({ littleEndian, makerNote: Buffer.from('no preview') });
    const at = block.indexOf(thumbnail);
    block.fill(0x11, at, at + 4);
    expect(Buffer.from(editExif(block, edit)).indexOf('THUMBNAIL-PIXELS')).toBe(-1);
  });

  test('stripping the position leaves no trace of it, and keeps date and camera', () => {
    const edited = Buffer.from(editExif(exifBlock({ littleEndian }), { ...edit, stripPosition: true }));
    for (const pattern of positionPatterns) expect(edited.indexOf(pattern)).toBe(-1);
    const tree = parseExifTree(edited);
    expect(tree.gps).toEqual([]);
    expect(tree.exif.map((field) => field.tag)).not.toContain(0x927c);
    expect(edited.includes('2024:05:06 07:08:09')).toBe(true);
    expect(edited.includes('Maker of cameras')).toBe(true);
  });

  test('says sRGB only when the colours were converted', () => {
    expect(number(editExif(exifBlock({ littleEndian }), edit), 'exif', 0xa001)?.value).toBe(65535);
    expect(number(editExif(exifBlock({ littleEndian }), { ...edit, convertedToSrgb: true }), 'exif', 0xa001)?.value).toBe(1);
  });

  test('editing twice changes nothing', () => {
    for (const stripPosition of [false, true]) {
      const once = editExif(exifBlock({ littleEndian }), { ...edit, stripPosition });
      expect(editExif(once, { ...edit, stripPosition })).toEqual(once);
    }
  });

  test('damaged blocks either stay their length, clean and stable, or are refused', () => {
    const block = exifBlock({ littleEndian });
    const damage = fc.array(fc.tuple(fc.nat(block.length - 1), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 12,
    });
    let survivors = 0;
    fc.assert(
      fc.property(damage, fc.nat(block.length), fc.boolean(), (changes, cut, stripPosition) => {
        const damaged = Buffer.from(block.subarray(0, cut < block.length / 2 ? block.length : cut));
        for (const [at, value] of changes) if (at < damaged.length) damaged[at] = value;
        const options = { ...edit, stripPosition };
        const once = tryEdit(damaged, options);
        if (once === null) return;
        survivors++;
        expect(once.length).toBe(damaged.length);
        const kinds = layOutExif(once).ifds.map(({ kind }) => kind);
        expect(kinds).not.toContain('thumbnail');
        if (stripPosition) expect(kinds).not.toContain('gps');
      }),
      { numRuns: 500 },
    );
    expect(survivors).toBeGreaterThan(50);
  });
});

test('random bytes never throw anything but a refusal', () => {
  const header = fc.constantFrom('II*\0\x08\0\0\0', 'MM\0*\0\0\0\x08');
  fc.assert(
    fc.property(header, fc.uint8Array({ maxLength: 400 }), fc.boolean(), (head, tail, stripPosition) => {
      const edited = tryEdit(Buffer.concat([Buffer.from(head, 'latin1'), tail]), { ...edit, stripPosition });
      expect(edited === null || edited.length === 8 + tail.length).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
