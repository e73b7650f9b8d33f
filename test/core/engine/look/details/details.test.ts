/** What metadata tells people, block by block and put together. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detailsOf } from '../../../../../core/engine/look/details/details.ts';
import { buildExif, emptyTree, type ExifField, type TreeKind } from '../../../../../core/engine/metadata/exif/exif-tree.ts';
import { emptyMetadata, type PhotoMetadata } from '../../../../../core/engine/metadata/photo-metadata.ts';
import { noDetails, photoDetailsSchema, takenMs, type PhotoDetails } from '../../../../../core/photo/photo-details.ts';
import { exifBlock } from '../../metadata/fixtures.ts';

function told(blocks: Partial<PhotoMetadata>): PhotoDetails {
  return photoDetailsSchema.parse(detailsOf({ ...emptyMetadata(), ...blocks }));
}

const ascii = (tag: number, text: string): ExifField => {
  const data = Buffer.from(`${text}\0`);
  return { tag, type: 2, count: data.length, data };
};
const short = (tag: number, ...values: number[]): ExifField => {
  const data = Buffer.alloc(values.length * 2);
  values.forEach((value, at) => data.writeUInt16LE(value, at * 2));
  return { tag, type: 3, count: values.length, data };
};
const byte = (tag: number, ...values: number[]): ExifField => ({ tag, type: 1, count: values.length, data: Buffer.from(values) });
const rational = (tag: number, ...pairs: (readonly [number, number])[]): ExifField => {
  const data = Buffer.alloc(pairs.length * 8);
  pairs.forEach(([over, under], at) => {
    data.writeInt32LE(over | 0, at * 8);
    data.writeInt32LE(under | 0, at * 8 + 4);
  });
  return { tag, type: pairs.some(([over]) => over < 0) ? 10 : 5, count: pairs.length, data };
};

function exif(fields: Partial<Record<TreeKind, ExifField[]>>, littleEndian = true): { exif: Uint8Array } {
  return { exif: buildExif({ ...emptyTree(), ...fields }, littleEndian) };
}

function xmp(properties: string): { xmp: string } {
  const names =
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:aux="http://ns.adobe.com/exif/1.0/aux/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:MicrosoftPhoto="http://ns.microsoft.com/photo/1.0/"';
  return {
    xmp: `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" ${names}>${properties}</rdf:Description></rdf:RDF></x:xmpmeta>`,
  };
}

function iptc(...datasets: (readonly [number, string | Buffer])[]): { iptc: Uint8Array } {
  return {
    iptc: Buffer.concat(
      datasets.map(([dataset, value]) => {
        const bytes = Buffer.from(value);
        return Buffer.concat([Buffer.from([0x1c, 2, dataset, bytes.length >> 8, bytes.length & 255]), bytes]);
      }),
    ),
  };
}

describe('EXIF', () => {
  it('tells when, with fraction and zone, and never converts it', () => {
    const when = (fields: ExifField[], ifd0: ExifField[] = []) => {
      const { takenAt, takenZone } = told(exif({ exif: fields, ifd0 }));
      return [takenAt, takenZone];
    };
    const original = ascii(0x9003, '2024:05:31 18:04:09');
    expect(when([original])).toEqual(['2024-05-31T18:04:09', null]);
    expect(when([original, ascii(0x9291, '5')])).toEqual(['2024-05-31T18:04:09.500', null]);
    expect(when([original, ascii(0x9291, '05  ')])).toEqual(['2024-05-31T18:04:09.050', null]);
    expect(when([original, ascii(0x9011, '+02:00')])).toEqual(['2024-05-31T18:04:09', '+02:00']);
    expect(when([original, ascii(0x9011, 'nowhere')])).toEqual(['2024-05-31T18:04:09', null]);
    expect(when([original, ascii(0x9004, '2025:01:01 00:00:00')])).toEqual(['2024-05-31T18:04:09', null]);
    expect(when([ascii(0x9004, '2025:01:01 00:00:00')])).toEqual(['2025-01-01T00:00:00', null]);
    expect(when([], [ascii(0x132, '2020:02:29 23:59:59')])).toEqual(['2020-02-29T23:59:59', null]);
    for (const none of [
      '0000:00:00 00:00:00',
      '    :  :     :  :  ',
      '2023:02:29 10:00:00',
      '2024:13:01 00:00:00',
      'yesterday',
      '',
    ])
      expect(when([ascii(0x9003, none)])).toEqual([null, null]);
    expect(takenMs({ takenAt: '2024-05-31T18:04:09.500', takenZone: '+02:00' })).toBe(Date.UTC(2024, 4, 31, 16, 4, 9, 500));
  });

  it('tells the camera once, though maker and model repeat it', () => {
    const camera = (make: string, model: string) => told(exif({ ifd0: [ascii(0x10f, make), ascii(0x110, model)] })).camera;
    expect(camera('Canon', 'Canon EOS 5D')).toBe('Canon EOS 5D');
    expect(camera('NIKON CORPORATION', 'NIKON D70')).toBe('NIKON D70');
    expect(camera('EASTMAN KODAK COMPANY', 'KODAK DC240 ')).toBe('KODAK DC240');
    expect(camera('SONY', 'DSC-D700')).toBe('SONY DSC-D700');
    expect(camera('', 'X')).toBe('X');
    expect(camera('Y  ', ' ')).toBe('Y');
  });

  it('tells exposure, also by its binary logarithms, in either byte order', () => {
    for (const littleEndian of [true, false]) {
      const fields = [rational(0x829a, [1, 250]), rational(0x829d, [56, 10]), short(0x8827, 400), rational(0x920a, [50, 1])];
      const lens = ascii(0xa434, 'A 50mm F1.4 lens');
      expect(told(exif({ exif: [...fields, lens] }, littleEndian))).toMatchObject({
        exposureSeconds: 1 / 250,
        fNumber: 5.6,
        iso: 400,
        focalLengthMm: 50,
        lens: 'A 50mm F1.4 lens',
      });
    }
    const apex = told(exif({ exif: [rational(0x9201, [-2, 1]), rational(0x9202, [4, 1])] }));
    expect([apex.exposureSeconds, apex.fNumber]).toEqual([4, 4]);
    const none = told(exif({ exif: [rational(0x829a, [0, 0]), rational(0x829d, [0, 1]), rational(0x920a, [1, 0])] }));
    expect([none.exposureSeconds, none.fNumber, none.focalLengthMm]).toEqual([null, null, null]);
  });

  it('tells where, signed, and not half of it', () => {
    const place = (latitudeRef: string, longitudeRef: string, height: number, below: number) =>
      told(
        exif({
          gps: [
            ascii(1, latitudeRef),
            rational(2, [33, 1], [51, 1], [3571, 100]),
            ascii(3, longitudeRef),
            rational(4, [151, 1], [12, 1], [0, 1]),
            byte(5, below),
            rational(6, [height, 1]),
          ],
        }),
      );
    const [latitude, longitude] = [33 + 51 / 60 + 35.71 / 3600, 151.2];
    const near = (details: PhotoDetails) => [details.latitude?.toFixed(9), details.longitude?.toFixed(9), details.altitudeMeters];
    expect(near(place('N', 'E', 12, 0))).toEqual([latitude.toFixed(9), longitude.toFixed(9), 12]);
    expect(near(place('S', 'W', 12, 1))).toEqual([(-latitude).toFixed(9), (-longitude).toFixed(9), -12]);
    const nowhere = { latitude: null, longitude: null, altitudeMeters: null };
    expect(told(exif({ gps: [ascii(1, 'N'), rational(2, [33, 1], [0, 1], [0, 1])] }))).toMatchObject(nowhere);
    expect(
      told(
        exif({ gps: [ascii(1, 'N'), rational(2, [91, 1], [0, 1], [0, 1]), ascii(3, 'E'), rational(4, [0, 1], [0, 1], [0, 1])] }),
      ),
    ).toMatchObject(nowhere);
    // Degrees with decimals, and seconds that are none.
    const decimal = [ascii(1, 'N'), rational(2, [335, 10], [0, 1], [0, 0]), ascii(3, 'E'), rational(4, [15, 1], [30, 1], [0, 0])];
    expect(told(exif({ gps: decimal }))).toMatchObject({ latitude: 33.5, longitude: 15.5 });
  });

  it('tells stars, title and keywords that Windows wrote', () => {
    const utf16 = (tag: number, text: string) => byte(tag, ...Buffer.from(`${text}\0`, 'utf16le'));
    expect(told(exif({ ifd0: [short(0x4746, 4), utf16(0x9c9b, 'Ein Titel – ü'), utf16(0x9c9e, 'a;b c;a')] }))).toMatchObject({
      rating: 4,
      title: 'Ein Titel – ü',
      keywords: ['a', 'b c'],
    });
    expect([0, 1, 25, 50, 75, 99].map((percent) => told(exif({ ifd0: [short(0x4749, percent)] })).rating)).toEqual([
      0, 1, 2, 3, 4, 5,
    ]);
    expect(told(exif({ ifd0: [short(0x4746, 9)] })).rating).toBeNull();
  });

  it('says nothing where it is no EXIF', () => {
    expect(told({ exif: Buffer.from('no EXIF at all, really') })).toEqual(noDetails);
    expect(told({ exif: Buffer.alloc(0) })).toEqual(noDetails);
  });
});

describe('XMP', () => {
  it('tells in attributes and elements alike', () => {
    const asAttributes = xmp('').xmp.replace(
      'rdf:about=""',
      'rdf:about="" xmp:Rating="3" exif:DateTimeOriginal="2021-03-04T05:06:07.89+01:00"',
    );
    const asElements = xmp(
      '<xmp:Rating>3</xmp:Rating><exif:DateTimeOriginal>2021-03-04T05:06:07.89+01:00</exif:DateTimeOriginal>',
    ).xmp;
    for (const text of [asAttributes, asElements])
      expect(told({ xmp: text })).toMatchObject({ rating: 3, takenAt: '2021-03-04T05:06:07.890', takenZone: '+01:00' });
  });

  it('tells titles in the usual language, and lists', () => {
    const title =
      '<dc:title><rdf:Alt><rdf:li xml:lang="de">Haus</rdf:li><rdf:li xml:lang="x-default">House</rdf:li></rdf:Alt></dc:title>';
    const subject =
      '<dc:subject><rdf:Bag><rdf:li>one</rdf:li><rdf:li> two </rdf:li><rdf:li></rdf:li><rdf:li>one</rdf:li></rdf:Bag></dc:subject>';
    expect(told(xmp(`${title}${subject}<dc:description>plain</dc:description>`))).toMatchObject({
      title: 'House',
      description: 'plain',
      keywords: ['one', 'two'],
    });
  });

  it('tells where, when and with what, for photos without EXIF', () => {
    const where =
      '<exif:GPSLatitude>48,51.5N</exif:GPSLatitude><exif:GPSLongitude>2,17,30W</exif:GPSLongitude><exif:GPSAltitude>70/2</exif:GPSAltitude><exif:GPSAltitudeRef>1</exif:GPSAltitudeRef>';
    const what =
      '<tiff:Make>Canon</tiff:Make><tiff:Model>Canon EOS R5</tiff:Model><aux:Lens>RF50</aux:Lens><exif:FNumber>28/10</exif:FNumber><exif:ExposureTime>1/60</exif:ExposureTime><exif:ISOSpeedRatings><rdf:Seq><rdf:li>800</rdf:li></rdf:Seq></exif:ISOSpeedRatings>';
    const details = told(xmp(`${where}${what}<photoshop:DateCreated>2019-08-07</photoshop:DateCreated>`));
    expect(details).toMatchObject({
      latitude: 48 + 51.5 / 60,
      altitudeMeters: -35,
      camera: 'Canon EOS R5',
      lens: 'RF50',
      fNumber: 2.8,
      exposureSeconds: 1 / 60,
      iso: 800,
      takenAt: '2019-08-07T00:00:00',
    });
    expect(details.longitude).toBeCloseTo(-(2 + 17.5 / 60), 9);
  });

  it('reads no stars out of a rejection, and takes broken packets for silence', () => {
    expect(told(xmp('<xmp:Rating>-1</xmp:Rating>')).rating).toBeNull();
    expect(told(xmp('<xmp:Rating>4.0</xmp:Rating>')).rating).toBe(4);
    for (const text of [
      '',
      '<',
      'Rating',
      '<x:xmpmeta><title>',
      '<!DOCTYPE x [<!ENTITY a "b">]><x>Rating</x>',
      `<a>${'<title>'.repeat(30_000)}`,
    ])
      expect(told({ xmp: text })).toEqual(noDetails);
  });
});

describe('IPTC', () => {
  it('tells title, caption, keywords and the moment, in UTF-8 or Latin-1', () => {
    const details = told(
      iptc(
        [5, 'Ein Bild'],
        [120, Buffer.from('Stra\xdfe', 'latin1')],
        [25, 'eins'],
        [25, 'zwei'],
        [55, '20180102'],
        [60, '030405+0100'],
      ),
    );
    expect(details).toMatchObject({
      title: 'Ein Bild',
      description: 'Straße',
      keywords: ['eins', 'zwei'],
      takenAt: '2018-01-02T03:04:05',
      takenZone: '+01:00',
    });
    expect(told({ iptc: Buffer.from('no IPTC') })).toEqual(noDetails);
  });
});

describe('blocks together', () => {
  it('trust the camera with what it measured, people with what they wrote', () => {
    const blocks = {
      ...exif({
        ifd0: [ascii(0x10e, 'OLYMPUS DIGITAL CAMERA'), short(0x4746, 1)],
        exif: [ascii(0x9003, '2024:05:31 18:04:09'), rational(0x829d, [4, 1])],
      }),
      ...xmp(
        '<xmp:Rating>5</xmp:Rating><dc:description>At the lake</dc:description><exif:FNumber>9/1</exif:FNumber><exif:DateTimeOriginal>2024-05-31T18:04:09+02:00</exif:DateTimeOriginal><dc:subject><rdf:Bag><rdf:li>lake</rdf:li></rdf:Bag></dc:subject>',
      ),
      ...iptc([25, 'lake'], [25, 'Alps'], [5, 'Title']),
    };
    expect(told(blocks)).toMatchObject({
      takenAt: '2024-05-31T18:04:09',
      takenZone: '+02:00',
      fNumber: 4,
      rating: 5,
      title: 'Title',
      description: 'At the lake',
      keywords: ['lake', 'Alps'],
    });
  });

  it('prefer the moment of capture to one that may be later', () => {
    const blocks = { ...exif({ ifd0: [ascii(0x132, '2025:01:01 00:00:00')] }), ...iptc([55, '20180102']) };
    expect(told(blocks).takenAt).toBe('2018-01-02T00:00:00');
  });

  it('are bounded and plain, whatever stands in them', () => {
    const wild = `a\u0000\u0007\u001b[31m\r\nb${'\u{1f600}'.repeat(5000)}`;
    const escaped = wild.replaceAll('\u0000', '').replaceAll('\u0007', '').replaceAll('\u001b', '');
    const many = Array.from({ length: 2000 }, (_, index) => `<rdf:li>${String(index)}${'k'.repeat(1000)}</rdf:li>`).join('');
    const details = told({
      ...xmp(`<dc:title>${escaped}</dc:title><dc:subject><rdf:Bag>${many}</rdf:Bag></dc:subject>`),
      ...iptc([120, wild]),
    });
    expect(details.title).toHaveLength(4000);
    expect(details.title?.isWellFormed()).toBe(true);
    expect(details.description).toMatch(/^a\[31m\nb/);
    expect(details.keywords).toHaveLength(500);
    expect(Math.max(...details.keywords.map((word) => word.length))).toBe(400);
  });

  it('never throw, whatever the bytes', () => {
    const block = exifBlock({ littleEndian: true });
    const change = fc.record({ at: fc.nat(block.length - 1), value: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 20 }), fc.nat(block.length), (changes, length) => {
        const bytes = Buffer.from(block.subarray(0, length));
        for (const { at, value } of changes) if (at < length) bytes[at] = value;
        told({ exif: bytes });
        told({ iptc: bytes, xmp: bytes.toString('latin1') });
      }),
      { numRuns: 500 },
    );
  });
});
