import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readMetadata } from '../../electron/metadata.ts';

const folder = mkdtempSync(join(tmpdir(), 'enlarger-metadata-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(manifest: unknown): unknown {
  const path = join(folder, 'package.json');
  writeFileSync(path, JSON.stringify(manifest));
  return readMetadata(path);
}

test('a published copy says by whom', () => {
  const manifest = {
    version: '1.2.3',
    appId: 'org.example.app',
    homepage: 'https://example.org/',
    bugs: { url: 'https://example.org/bugs' },
  };
  expect(read(manifest)).toEqual({
    version: '1.2.3',
    appId: 'org.example.app',
    links: { website: 'https://example.org/', issues: 'https://example.org/bugs' },
  });
});

test('one that was built in a checkout says only its version', () => {
  expect(read({ version: '1.2.3', scripts: {} })).toEqual({
    version: '1.2.3',
    appId: null,
    links: { website: null, issues: null },
  });
});

test('a broken installation is told', () => {
  expect(() => read({})).toThrow('version');
});
