/** Where the bytes of a raster lie: in a scratch file, or in memory when they are few enough. */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { withScratchErrors } from './scratch-error.ts';

/** Holds one small raster; writing and reading it costs a copy, no system calls. */
export class MemoryPlace {
  bytes: Uint8Array = new Uint8Array(0);
}

/** A scratch file's path, or memory. */
export type RasterPlace = string | MemoryPlace;

export interface ByteStore {
  /** Fills `into` from `position` on; throws when there are fewer bytes. */
  read(into: Uint8Array, position: number): void;
  write(bytes: Uint8Array, position: number): void;
  close(): void;
}

// write() and read() take no more than 2 GiB at a time.
const longestTransferBytes = 2 ** 30;

/** Opens what was written before. Throws `not-writable` when the file cannot be opened. */
export function openStore(place: RasterPlace): ByteStore {
  return typeof place === 'string' ? fileStore(withScratchErrors(() => openSync(place, 'r'))) : memoryStore(place);
}

/** Makes an empty place for `bytes` bytes; an existing file is emptied. Throws `disk-full` or `not-writable`. */
export function createStore(place: RasterPlace, bytes: number): ByteStore {
  if (typeof place === 'string') return fileStore(withScratchErrors(() => openSync(place, 'w', 0o600)));
  place.bytes = new Uint8Array(bytes);
  return memoryStore(place);
}

function memoryStore(place: MemoryPlace): ByteStore {
  return {
    read(into, position) {
      if (position + into.length > place.bytes.length) throw new Error('the raster ends early');
      into.set(place.bytes.subarray(position, position + into.length));
    },
    write(bytes, position) {
      place.bytes.set(bytes, position);
    },
    close: () => undefined,
  };
}

function fileStore(file: number): ByteStore {
  return {
    read(into, position) {
      for (let done = 0; done < into.length;) {
        const got = readSync(file, into, done, Math.min(into.length - done, longestTransferBytes), position + done);
        if (got === 0) throw new Error('the raster file ends early');
        done += got;
      }
    },
    write(bytes, position) {
      withScratchErrors(() => {
        // A write may also take less than it was given just before the disk is full.
        for (let done = 0; done < bytes.length;) {
          done += writeSync(file, bytes, done, Math.min(bytes.length - done, longestTransferBytes), position + done);
        }
      });
    },
    close() {
      withScratchErrors(() => {
        closeSync(file);
      });
    },
  };
}
