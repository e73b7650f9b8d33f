import fc from 'fast-check';
import { expect, test } from 'vitest';
import { iccProfileName } from '../../../../core/engine/recognise/icc.ts';

/** A profile of one tag, `desc`, whose data is `tag`. */
function profile(tag: Buffer): Uint8Array {
  const bytes = Buffer.alloc(144 + tag.length);
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.write('acsp', 36, 'latin1');
  bytes.writeUInt32BE(1, 128);
  bytes.write('desc', 132, 'latin1');
  bytes.writeUInt32BE(144, 136);
  bytes.writeUInt32BE(tag.length, 140);
  tag.copy(bytes, 144);
  return new Uint8Array(bytes);
}

function version2(name: string): Buffer {
  const tag = Buffer.alloc(12 + name.length + 1 + 78);
  tag.write('desc', 0, 'latin1');
  tag.writeUInt32BE(name.length + 1, 8);
  tag.write(name, 12, 'latin1');
  return tag;
}

function version4(name: string): Buffer {
  const text = Buffer.from(name, 'utf16le').swap16();
  const tag = Buffer.alloc(28 + text.length);
  tag.write('mluc', 0, 'latin1');
  tag.writeUInt32BE(1, 8);
  tag.writeUInt32BE(12, 12);
  tag.write('enUS', 16, 'latin1');
  tag.writeUInt32BE(text.length, 20);
  tag.writeUInt32BE(28, 24);
  text.copy(tag, 28);
  return tag;
}

test.each(['sRGB IEC61966-2.1', 'Display P3'])('the name %s is read in both forms', (name) => {
  expect(iccProfileName(profile(version2(name)))).toBe(name);
  expect(iccProfileName(profile(version4(name)))).toBe(name);
});

test('a name beyond Latin is read', () => {
  expect(iccProfileName(profile(version4('写真 P3')))).toBe('写真 P3');
});

test('any bytes have a printable name', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (tail) => {
      for (const bytes of [
        tail,
        profile(Buffer.from(tail)),
        profile(Buffer.concat([Buffer.from('mluc\0\0\0\0\0\0\0\x01'), tail])),
      ]) {
        expect(iccProfileName(bytes)).toMatch(/^\P{Cc}+$/u);
      }
    }),
  );
});
