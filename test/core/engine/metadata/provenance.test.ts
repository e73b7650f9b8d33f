import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readProvenance } from '../../../../core/engine/metadata/provenance.ts';
import { outputFormats } from '../../../../core/photo/recipe.ts';
import { encoded } from './fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'enlarger-provenance-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('whatever is no file of ours has no provenance', async () => {
  expect(await readProvenance(join(folder, 'missing.jpg'))).toBeNull();
  mkdirSync(join(folder, 'folder.jpg'));
  expect(await readProvenance(join(folder, 'folder.jpg'))).toBeNull();
  for (const bytes of [
    '',
    'text',
    'GIF89a\x01\0\x01\0\0\0\0;',
    '\xff\xd8\xff',
    '\0\0\0\x10ftypavif\0\0\0\0\xff\xff\xff\xffmeta',
  ]) {
    writeFileSync(join(folder, 'file'), bytes, 'latin1');
    expect(await readProvenance(join(folder, 'file'))).toBeNull();
  }
  for (const format of outputFormats) {
    writeFileSync(join(folder, 'file'), await encoded(format, { profile: false }));
    expect(await readProvenance(join(folder, 'file'))).toBeNull();
  }
});

test.skipIf(process.platform === 'win32')('a FIFO without a writer has none either, without waiting', async () => {
  execFileSync('mkfifo', [join(folder, 'pipe.jpg')]);
  expect(await readProvenance(join(folder, 'pipe.jpg'))).toBeNull();
});
