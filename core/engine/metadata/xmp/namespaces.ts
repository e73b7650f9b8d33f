/** Namespace URIs of XMP parts 1 and 2, IPTC, and of the pictures that phones hide in XMP. */
export const ns = {
  xmlns: 'http://www.w3.org/2000/xmlns/',
  x: 'adobe:ns:meta/',
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  xml: 'http://www.w3.org/XML/1998/namespace',
  dc: 'http://purl.org/dc/elements/1.1/',
  xmp: 'http://ns.adobe.com/xap/1.0/',
  xmpGImg: 'http://ns.adobe.com/xap/1.0/g/img/',
  xmpNote: 'http://ns.adobe.com/xmp/note/',
  tiff: 'http://ns.adobe.com/tiff/1.0/',
  exif: 'http://ns.adobe.com/exif/1.0/',
  photoshop: 'http://ns.adobe.com/photoshop/1.0/',
  iptcCore: 'http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/',
  gCamera: 'http://ns.google.com/photos/1.0/camera/',
  enlarger: 'https://enlarger.app/ns/1.0/',
} as const;

/** Depth maps, gain maps and second pictures: they fit the old pixels only, and their data is not carried along. */
export const stalePictureNamespaces: ReadonlySet<string> = new Set([
  'http://ns.google.com/photos/1.0/depthmap/',
  'http://ns.google.com/photos/1.0/image/',
  'http://ns.google.com/photos/1.0/container/',
  'http://ns.google.com/photos/1.0/container/item/',
  'http://ns.google.com/photos/dd/1.0/container/',
  'http://ns.google.com/photos/dd/1.0/device/',
  'http://ns.google.com/photos/dd/1.0/item/',
  'http://ns.adobe.com/hdr-gain-map/1.0/',
  'http://ns.apple.com/HDRGainMap/1.0/',
  'http://ns.apple.com/pixeldatainfo/1.0/',
  ns.xmpGImg,
]);

/** W3C's vocabulary of plain latitude and longitude. */
export const positionNamespaces: ReadonlySet<string> = new Set(['http://www.w3.org/2003/01/geo/wgs84_pos#']);
