/** Byte sources over scratch files, closed and removed together. */
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ByteSource } from '../../../../core/engine/container/byte-source.ts';

export function scratchSources(): { of(bytes: Uint8Array): ByteSource; path(): string; close(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'enlarger-container-'));
  let opened: number[] = [];
  let files = 0;
  const path = () => join(folder, `file-${files++}`);
  return {
    path,
    of(bytes) {
      const at = path();
      writeFileSync(at, bytes);
      const file = openSync(at, 'r');
      opened.push(file);
      return new ByteSource(file, bytes.length);
    },
    close() {
      for (const file of opened) closeSync(file);
      opened = [];
      rmSync(folder, { recursive: true });
    },
  };
}
