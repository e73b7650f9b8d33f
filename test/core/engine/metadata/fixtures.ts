/** Metadata made by code, without the help of the modules under test. */
import sharp from 'sharp';
import type { OutputFormat } from '../../../../core/photo/recipe.ts';
import { emptyMetadata } from '../../../../core/engine/metadata/photo-metadata.ts';
import type { PhotoMetadata, Provenance } from '../../../../core/engine/metadata/metadata.ts';

export const provenance: Provenance = {
  software: 'Enlarger',
  softwareVersion: '0.1.0',
  modelId: 'photo-x2',
  modelVersion: '1.2.3',
  scale: 2,
  strength: 0.25,
  sourceSha256: '0123456789abcdef'.repeat(4),
  recipeDigest: 'digest <&> "quoted"',
};

type Field = [tag: number, type: number, count: number, value: number | Buffer];

/** 48°51'29.5"N 2°17'40.25"E with a denominator nobody else uses: easy to search for. */
const latitude = [48, 1, 51, 1, 2951234, 100043];
const longitude = [2, 1, 17, 1, 4025678, 100049];
const secret = 'SECRET-PLACE';

/** Byte patterns of the position in either byte order, and the texts in which fixtures repeat it. */
export const positionPatterns: Buffer[] = [
  ...[latitude, longitude].flatMap((numbers) => [words(numbers.slice(4), true), words(numbers.slice(4), false)]),
  Buffer.from(secret),
  Buffer.from(Buffer.from(secret).toString('hex')),
];

/** A complete little JPEG stream, as cameras embed it. */
export const thumbnail = Buffer.concat([
  Buffer.from([0xff, 0xd8, 0xff, 0xdb, 0, 4, 1, 2, 0xff, 0xda, 0, 3, 9]),
  Buffer.from('THUMBNAIL-PIXELS'),
  Buffer.from([0xff, 0, 0xff, 0xd9]),
]);

export interface ExifOptions {
  littleEndian: boolean;
  orientation?: number;
  /** Type of the size tags: 3 SHORT, 4 LONG. */
  sizeType?: 3 | 4;
  makerNote?: Buffer;
}

export const defaultMakerNote = Buffer.concat([
  Buffer.from('VENDOR\0'),
  Buffer.from(secret),
  thumbnail,
  Buffer.from('offsets stay'),
]);

/** IFD0, Exif, GPS and interoperability directories, a maker note with a preview, and IFD1 with a thumbnail. */
export function exifBlock({ littleEndian, orientation = 6, sizeType = 3, makerNote = defaultMakerNote }: ExifOptions): Buffer {
  const size = (id: number, value: number): Field => [id, sizeType, 1, value];
  const text = (id: number, value: string): Field => [id, 2, value.length + 1, Buffer.from(`${value}\0`)];
  const rationals = (id: number, values: number[]): Field => [id, 5, values.length / 2, words(values, littleEndian)];
  const ifds: Field[][] = [
    [size(0x100, 640), size(0x101, 480), text(0x10f, 'Maker of cameras'), [0x112, 3, 1, orientation], rationals(0x11a, [300, 1]), rationals(0x11b, [300, 1]), [0x128, 3, 1, 2], [0x8769, 4, 1, -1], [0x8825, 4, 1, -2]],
    [text(0x9003, '2024:05:06 07:08:09'), [0x927c, 7, makerNote.length, makerNote], [0xa001, 3, 1, 65535], size(0xa002, 640), size(0xa003, 480), [0xa005, 4, 1, -3], rationals(0xa20e, [4000, 1])],
    [[1, 2, 2, Buffer.from('N\0\0\0')], rationals(2, latitude), [3, 2, 2, Buffer.from('E\0\0\0')], rationals(4, longitude), text(0x1c, secret)],
    [[1, 2, 4, Buffer.from('R98\0')]],
    [[0x103, 3, 1, 6], [0x201, 4, 1, -4], [0x202, 4, 1, thumbnail.length]],
  ]; // prettier-ignore
  const starts: number[] = [];
  let end = 8;
  for (const fields of ifds) {
    starts.push(end);
    end += 6 + 12 * fields.length + fields.reduce((sum, [, , , value]) => sum + outside(value), 0);
  }
  const bytes = Buffer.alloc(end + thumbnail.length);
  thumbnail.copy(bytes, end);
  const put = (at: number, value: number, width: 2 | 4) => {
    if (littleEndian) bytes.writeUIntLE(value, at, width);
    else bytes.writeUIntBE(value, at, width);
  };
  bytes.write(littleEndian ? 'II' : 'MM', 'latin1');
  put(2, 42, 2);
  put(4, 8, 4);
  for (const [index, fields] of ifds.entries()) {
    const start = starts[index] ?? 0;
    put(start, fields.length, 2);
    let valueAt = start + 6 + 12 * fields.length;
    for (const [position, [id, type, count, value]] of fields.entries()) {
      const at = start + 2 + 12 * position;
      put(at, id, 2);
      put(at + 2, type, 2);
      put(at + 4, count, 4);
      if (typeof value === 'number')
        put(at + 8, value === -4 ? end : value < 0 ? (starts[-value] ?? 0) : value, type === 3 ? 2 : 4);
      else if (value.length <= 4) value.copy(bytes, at + 8);
      else {
        put(at + 8, valueAt, 4);
        value.copy(bytes, valueAt);
        valueAt += outside(value);
      }
    }
    put(start + 2 + 12 * fields.length, index === 0 ? (starts[4] ?? 0) : 0, 4);
  }
  return bytes;
}

function outside(value: number | Buffer): number {
  return typeof value === 'number' || value.length <= 4 ? 0 : value.length + (value.length % 2);
}

function words(numbers: number[], littleEndian: boolean): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4);
  for (const [index, value] of numbers.entries()) {
    if (littleEndian) bytes.writeUInt32LE(value, index * 4);
    else bytes.writeUInt32BE(value, index * 4);
  }
  return bytes;
}

/** Properties in both spellings, a language alternative, a bag, a structure, unknown namespaces, and positions of every kind. */
export const xmpPacket = `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Some Toolkit">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
    xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:odd="urn:odd:"
    tiff:Orientation="6" tiff:ImageWidth="640" exif:PixelXDimension="640" exif:GPSLatitude="48,51.49N ${secret}" xmp:Rating="4"
    odd:Kept="a&#10;b &lt;&amp;&quot; é 😀" odd:DroneGpsLongitude="${secret}" photoshop:City="${secret}">
   <tiff:ImageLength>480</tiff:ImageLength>
   <exif:PixelYDimension>480</exif:PixelYDimension>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">Title</rdf:li><rdf:li xml:lang="de">Titel</rdf:li></rdf:Alt></dc:title>
   <dc:subject><rdf:Bag><rdf:li>one</rdf:li><rdf:li>two</rdf:li></rdf:Bag></dc:subject>
   <xmp:Thumbnails xmlns:xmpGImg="http://ns.adobe.com/xap/1.0/g/img/"><rdf:Alt><rdf:li rdf:parseType="Resource"><xmpGImg:image>STALE-IMAGE</xmpGImg:image></rdf:li></rdf:Alt></xmp:Thumbnails>
   <Iptc4xmpExt:LocationCreated><rdf:Bag><rdf:li Iptc4xmpExt:City="${secret}"/></rdf:Bag></Iptc4xmpExt:LocationCreated>
   <odd:Struct rdf:parseType="Resource"><odd:Inner>kept too</odd:Inner><odd:gpsAltitude>${secret}</odd:gpsAltitude></odd:Struct>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>`;

/** UTF-8 marker, title, keyword twice, city, country, caption. */
export const iptcBlock = Buffer.concat([
  iptcDataset(1, 90, Buffer.from('\x1b%G', 'latin1')),
  iptcDataset(2, 5, Buffer.from('Título')),
  iptcDataset(2, 25, Buffer.from('first')),
  iptcDataset(2, 25, Buffer.from('second')),
  iptcDataset(2, 55, Buffer.from('20240506')),
  iptcDataset(2, 90, Buffer.from(secret)),
  iptcDataset(2, 101, Buffer.from(secret)),
  iptcDataset(2, 120, Buffer.from('A caption')),
]);

export function iptcDataset(record: number, dataset: number, value: Buffer): Buffer {
  const head = Buffer.from([0x1c, record, dataset, 0, 0]);
  head.writeUInt16BE(value.length, 3);
  return Buffer.concat([head, value]);
}

/** Photoshop image resources: copyright flag (of an odd length) and address. */
export const copyrightBlock = Buffer.concat([
  imageResource(0x040a, Buffer.from([1])),
  imageResource(0x040b, Buffer.from('https://example.org/rights')),
]);

export function imageResource(id: number, data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.write('8BIM');
  head.writeUInt16BE(id, 4);
  head.writeUInt32BE(data.length, 8);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}

export function metadataWith(blocks: Partial<PhotoMetadata>): PhotoMetadata {
  return { ...emptyMetadata(), ...blocks };
}

/** A small picture as the encoder writes it, with or without alpha and profile. */
export async function encoded(
  format: OutputFormat,
  options: { alpha?: boolean; profile?: boolean; lossless?: boolean; big?: boolean } = {},
): Promise<Buffer> {
  const pixels = Buffer.from(Array.from({ length: 40 * 30 * 4 }, (_, index) => (index * 7) % 251));
  let image = sharp(pixels, { raw: { width: 40, height: 30, channels: 4 } });
  if (options.alpha !== true) image = image.removeAlpha();
  if (options.profile === true) image = image.withIccProfile('p3');
  if (format === 'tiff') return image.tiff({ compression: 'lzw', bigtiff: options.big ?? false }).toBuffer();
  if (format === 'webp') return image.webp({ lossless: options.lossless ?? false }).toBuffer();
  return image.toFormat(format).toBuffer();
}
