/** What the name of a file in a folder tells before it is opened: whether it is the system's, ours, or may be a photo. */

/** Name of the folder that results go to when none was given. Not looked into for photos. */
export const defaultOutputName = 'enlarged';

/** Name of the cache's folder where the user chose a place for it. What lies in it looks like photos, and is none. */
export const cacheFolderName = 'enlarger-cache';

/** What systems and devices put beside photos. Hidden names, with their dot, are left out anyway. */
const systemNames = new Set([
  'thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
  '@eadir',
  '#recycle',
  '$recycle.bin',
  'system volume information',
  '__macosx',
  cacheFolderName,
]);

/** Files and folders that nobody means when he names the folder around them. */
export function isPassedOver(name: string): boolean {
  return name.startsWith('.') || systemNames.has(name.toLowerCase());
}

/** Of photos that can be read, lower case. */
export const readableExtensions: ReadonlySet<string> = new Set([
  ...['jpg', 'jpeg', 'jpe', 'jfif', 'png', 'webp', 'avif', 'tif', 'tiff'],
  ...['heic', 'heif', 'hif', 'gif'],
]);

/** Of photos that are only recognised, to be refused with a reason. */
export const foreignExtensions: ReadonlySet<string> = new Set([
  ...['jxl', 'jp2', 'bmp', 'psd'],
  ...['dng', 'cr2', 'cr3', 'crw', 'nef', 'nrw', 'arw', 'srf', 'sr2', 'orf', 'rw2', 'raf', 'pef', 'srw', 'x3f'],
  ...['3fr', 'iiq', 'rwl', 'raw'],
]);

/** Last extension without its dot, as spelt; empty when there is none. A leading dot alone begins a hidden name. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot + 1);
}

/** Names of older systems and archives may be bytes that are no UTF-8: Node shows U+FFFD for them and finds them no more. */
export function isUndecoded(path: string): boolean {
  return path.includes('\ufffd');
}
