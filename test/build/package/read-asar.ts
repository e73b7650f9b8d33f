/** Reads the archive that Electron loads a program from: https://github.com/electron/asar#format */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

interface Entry {
  readonly files?: Readonly<Record<string, Entry>>;
  readonly offset?: string;
  readonly size?: number;
  /** It lies beside the archive, below `<archive>.unpacked`. */
  readonly unpacked?: boolean;
}

export interface PackedFile {
  readonly bytes: number;
  readonly isUnpacked: boolean;
}

export interface Archive {
  /** By the path in the archive, with `/`. */
  readonly files: ReadonlyMap<string, PackedFile>;
  /** Writes everything into a folder, what was unpacked too: what Electron would see. */
  extract(folder: string): void;
}

export function readAsar(file: string): Archive {
  const content = readFileSync(file);
  // Two nested records of Chromium's pickle format: length of the header, and the header as JSON with its length.
  const base = 8 + content.readUInt32LE(4);
  const jsonBytes = content.readUInt32LE(12);
  const header = JSON.parse(content.subarray(16, 16 + jsonBytes).toString('utf8')) as Entry;
  const entries = entriesOf(header, '');
  return {
    files: new Map(entries.map(([name, { size = 0, unpacked = false }]) => [name, { bytes: size, isUnpacked: unpacked }])),
    extract(folder) {
      for (const [name, { offset = '0', size = 0, unpacked }] of entries) {
        const target = path.join(folder, name);
        mkdirSync(path.dirname(target), { recursive: true });
        const start = base + Number(offset);
        if (unpacked === true) copyFileSync(path.join(`${file}.unpacked`, name), target);
        else writeFileSync(target, content.subarray(start, start + size));
      }
    },
  };
}

function entriesOf({ files = {} }: Entry, below: string): [string, Entry][] {
  return Object.entries(files).flatMap(([name, entry]) =>
    entry.files === undefined ? [[below + name, entry] as [string, Entry]] : entriesOf(entry, `${below}${name}/`),
  );
}
