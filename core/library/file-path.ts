import { sep } from 'node:path';

/** Path of a file by folder and name, byte for byte as the disk spells them: nothing is normalised. */
export function filePath(folder: string, name: string): string {
  return folder.endsWith(sep) ? folder + name : folder + sep + name;
}
