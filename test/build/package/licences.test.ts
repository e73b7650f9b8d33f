import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { licenceText } from '../../../build/package/licences.ts';

const text = licenceText(fileURLToPath(new URL('../../..', import.meta.url)));

test.each([
  'zod',
  'svelte',
  'openseadragon',
  'i18next',
  '@lucide/svelte',
  '@xmldom/xmldom',
  'onnxruntime-node',
  'onnxruntime-common',
])('it names %s with version and licence', (name) => {
  expect(text).toMatch(new RegExp(`^${name.replace('/', '\\/')} \\d+\\.\\d+\\.\\d+\\S* \\(\\S.*\\)$`, 'm'));
});

test('it holds the terms themselves, those of the libraries inside the libraries too', () => {
  for (const words of [
    'Permission is hereby granted',
    'Apache License',
    'GNU LESSER GENERAL PUBLIC LICENSE',
    'libvips',
    'mozjpeg',
  ])
    expect(text).toContain(words);
});

test('it names nothing that only the command line has', () => {
  expect(text).not.toMatch(/^(commander|ws|vite|electron) \d/m);
});
