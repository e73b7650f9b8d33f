/** The part of libheif-js (libheif 1.23 compiled to WebAssembly) that is used, with types. */
import { createRequire } from 'node:module';

interface HeifError {
  readonly code?: unknown;
  readonly message?: string;
}

/** An opaque enumeration value or handle of the module. */
type Opaque = object;

export interface HeifChannel {
  /** Bytes from one row to the next. */
  readonly stride: number;
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly bits_per_pixel: number;
}

export interface HeifDecoded extends HeifError {
  readonly image: Opaque;
  readonly channels: readonly HeifChannel[];
}

export interface LibHeif {
  heif_context_alloc(): Opaque | null;
  heif_context_free(context: Opaque): void;
  heif_context_read_from_memory(context: Opaque, file: Uint8Array): HeifError;
  heif_js_context_get_primary_image_handle(context: Opaque): Opaque & HeifError;
  heif_image_handle_get_width(handle: Opaque): number;
  heif_image_handle_get_height(handle: Opaque): number;
  heif_image_handle_has_alpha_channel(handle: Opaque): boolean | number;
  heif_image_handle_is_premultiplied_alpha(handle: Opaque): boolean | number;
  heif_image_handle_release(handle: Opaque): void;
  heif_js_decode_image2(handle: Opaque, colourspace: Opaque, chroma: Opaque): HeifDecoded | Promise<HeifDecoded>;
  heif_image_release(image: Opaque): void;
  readonly heif_error_code: { readonly heif_error_Ok: Opaque };
  readonly heif_colorspace: { readonly heif_colorspace_RGB: Opaque };
  readonly heif_chroma: Readonly<
    Record<
      | 'heif_chroma_interleaved_RGB'
      | 'heif_chroma_interleaved_RGBA'
      | 'heif_chroma_interleaved_RRGGBB_LE'
      | 'heif_chroma_interleaved_RRGGBBAA_LE',
      Opaque
    >
  >;
}

/**
 * A fresh module: WebAssembly memory never shrinks, so the one that held a photo is dropped with it, and
 * nothing that a hostile file did to it outlives the file. Loaded only when the first HEIC photo comes.
 */
export function newLibHeif(): LibHeif {
  const load = createRequire(import.meta.url)('libheif-js/libheif-wasm/libheif-bundle.js') as () => LibHeif;
  return load();
}
