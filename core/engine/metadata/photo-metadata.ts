/** What a photo carries besides pixels, block by block, as the containers store it. */

export interface TextNote {
  /** PNG keyword; a JPEG or GIF comment has the keyword `Comment`. */
  readonly keyword: string;
  readonly text: string;
}

export interface PhotoMetadata {
  /** EXIF as a TIFF-structured block that starts with `II*\0` or `MM\0*`, without the `Exif\0\0` of JPEG. */
  exif: Uint8Array | null;
  /** The XMP packet's XML. */
  xmp: string | null;
  /** Payloads of JPEG's ExtendedXMP segments behind the namespace: GUID, full length, offset, portion. */
  extendedXmp: Uint8Array[];
  /** IPTC-IIM datasets (0x1C, record, dataset, length, value). */
  iptc: Uint8Array | null;
  /** Photoshop image resources of copyright flag and address, whole; in JPEG and TIFF only. */
  copyright: Uint8Array | null;
  icc: Uint8Array | null;
  /** Pixels an inch. */
  density: { x: number; y: number } | null;
  /** JPEG and GIF comments, PNG text chunks. */
  notes: TextNote[];
  /** One line for each block that was left behind, and why. For the log; names no file. */
  problems: string[];
}

/** Metadata of a photo that carries none. */
export function emptyMetadata(): PhotoMetadata {
  return {
    exif: null,
    xmp: null,
    extendedXmp: [],
    iptc: null,
    copyright: null,
    icc: null,
    density: null,
    notes: [],
    problems: [],
  };
}

/** How a written file came about; stored in its XMP. */
export interface Provenance {
  software: string;
  softwareVersion: string;
  modelId: string;
  modelVersion: string;
  /** Output pixels per input pixel along a side. */
  scale: number;
  /** 0..1. */
  strength: number;
  /** SHA-256 of the original, lower-case hex. */
  sourceSha256: string;
  recipeDigest: string;
}
