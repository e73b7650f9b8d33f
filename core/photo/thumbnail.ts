/** How a stored thumbnail checks itself. */
export const thumbnailFile = {
  /** ASCII, first in the file. */
  magic: 'ENTH',
  /** Magic, then the CRC-32 of everything behind the header, unsigned, big-endian; then an encoded picture. */
  headerBytes: 8,
} as const;
