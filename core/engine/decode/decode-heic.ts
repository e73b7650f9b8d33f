/** HEIC through libheif in WebAssembly: decode only, at the photo's own depth. libheif applies irot, imir and clap itself. */
import { endianness } from 'node:os';
import type { RasterPlace } from '../raster/byte-store.ts';
import { fillRaster } from '../raster/fill-raster.ts';
import { allocateRows } from '../raster/raster.ts';
import type { RasterShape, RasterWriter } from '../raster/raster.ts';
import type { PhotoHeader } from '../recognise/photo-header.ts';
import { damaged } from '../recognise/refusals.ts';
import { newLibHeif } from './libheif.ts';
import type { HeifChannel, LibHeif } from './libheif.ts';
import { repeatBits, unmultiplyAlpha } from './sample-passes.ts';
import type { SamplePass } from './sample-passes.ts';

const bandSamples = 1 << 20;

/** Writes the upright samples of a whole file to `place`, with a profile if one is given. Throws `damaged`; whatever else the module throws comes through. */
export async function decodeHeic(
  file: Uint8Array,
  header: PhotoHeader,
  shape: RasterShape,
  place: RasterPlace,
  icc: Uint8Array | null = null,
): Promise<void> {
  const heif = newLibHeif();
  const context = heif.heif_context_alloc();
  if (context === null) throw new Error('libheif has no memory');
  try {
    const read = heif.heif_context_read_from_memory(context, file);
    if (read.code !== heif.heif_error_code.heif_error_Ok) throw damaged('its parts do not fit together', read.message);
    const handle = heif.heif_js_context_get_primary_image_handle(context);
    if (handle.code !== undefined) throw damaged('its main picture is missing', handle.message);
    try {
      await decodeHandle(heif, handle, header, shape, { place, icc });
    } finally {
      heif.heif_image_handle_release(handle);
    }
  } finally {
    heif.heif_context_free(context);
  }
}

async function decodeHandle(
  heif: LibHeif,
  handle: object,
  header: PhotoHeader,
  shape: RasterShape,
  { place, icc }: { readonly place: RasterPlace; readonly icc: Uint8Array | null },
): Promise<void> {
  if (heif.heif_image_handle_get_width(handle) !== shape.width || heif.heif_image_handle_get_height(handle) !== shape.height) {
    throw damaged('its size is not what its header says');
  }
  const { heif_chroma: chroma } = heif;
  const layout =
    shape.bitDepth === 16
      ? header.hasAlpha
        ? chroma.heif_chroma_interleaved_RRGGBBAA_LE
        : chroma.heif_chroma_interleaved_RRGGBB_LE
      : header.hasAlpha
        ? chroma.heif_chroma_interleaved_RGBA
        : chroma.heif_chroma_interleaved_RGB;
  const decoded = await heif.heif_js_decode_image2(handle, heif.heif_colorspace.heif_colorspace_RGB, layout);
  if (decoded.code !== undefined) throw damaged('its picture cannot be decoded to the end', decoded.message);
  try {
    const channel = decoded.channels[0];
    if (channel?.width !== shape.width || channel.height !== shape.height) throw damaged('its size is not what its header says');
    const premultiplied = header.hasAlpha && Boolean(heif.heif_image_handle_is_premultiplied_alpha(handle));
    fillRaster(place, shape, { icc, density: null }, (writer) => {
      writeChannel(channel, header.hasAlpha ? 4 : 3, writer, premultiplied ? unmultiplyAlpha(shape.bitDepth) : null);
    });
  } finally {
    heif.heif_image_release(decoded.image);
  }
}

/** `stored` samples a pixel of RGB(A), of which a grey raster takes the first and the last. */
function writeChannel(channel: HeifChannel, stored: 3 | 4, writer: RasterWriter, unmultiply: SamplePass | null): void {
  const { shape } = writer;
  const taken = shape.channels === stored ? null : shape.channels === 1 ? [0] : [0, 3];
  const read = sampleReader(channel, shape);
  const bandRows = Math.max(1, Math.min(shape.height, Math.floor(bandSamples / (shape.width * stored))));
  const band = allocateRows(shape, bandRows);
  for (let y = 0; y < shape.height; y += bandRows) {
    const rows = Math.min(bandRows, shape.height - y);
    let at = 0;
    for (let row = y; row < y + rows; row++) {
      for (let pixel = 0; pixel < shape.width; pixel++) {
        for (let sample = 0; sample < shape.channels; sample++)
          band[at++] = read(row, pixel * stored + (taken?.[sample] ?? sample));
      }
    }
    const samples = band.subarray(0, at);
    if (shape.bitDepth === 16) repeatBits(channel.bits_per_pixel)(samples, shape.channels);
    unmultiply?.(samples, shape.channels);
    writer.writeRows(y, rows, samples);
  }
}

/** Sample `index` of a row; 16-bit ones with their significant bits at the top. */
function sampleReader(channel: HeifChannel, shape: RasterShape): (row: number, index: number) => number {
  const { data, stride } = channel;
  if (shape.bitDepth === 8) return (row, index) => data[row * stride + index] ?? 0;
  const shift = 16 - channel.bits_per_pixel;
  if (endianness() === 'LE' && data.byteOffset % 2 === 0 && stride % 2 === 0) {
    const wide = new Uint16Array(data.buffer, data.byteOffset, data.byteLength >> 1);
    return (row, index) => (wide[row * (stride / 2) + index] ?? 0) << shift;
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return (row, index) => view.getUint16(row * stride + index * 2, true) << shift;
}
