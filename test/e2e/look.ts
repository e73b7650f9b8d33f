/**
 * @file Opens the window on a library with photos, waits until all is done and writes a picture of it:
 * `node test/e2e/look.ts [#/review] [--size 1024x768] [--light] [--locale de] [--text 2] [--photos <file or folder>] [--name <picture>]`.
 */
import { parseArgs } from 'node:util';
import { openWindow } from './window.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    size: { type: 'string', default: '1280x800' },
    light: { type: 'boolean', default: false },
    locale: { type: 'string', default: 'en-GB' },
    text: { type: 'string', default: '1' },
    photos: { type: 'string', multiple: true, default: [] },
    name: { type: 'string', default: 'look' },
  },
});
const [width = 0, height = 0] = values.size.split('x').map(Number);
const window = await openWindow({
  photos: values.photos,
  size: { width, height },
  colorScheme: values.light ? 'light' : 'dark',
  locale: values.locale,
  textScale: Number(values.text),
  hash: positionals[0] ?? '',
});
try {
  await window.idle();
  process.stdout.write(`${await window.screenshot(values.name)}\n`);
  for (const trouble of window.troubles()) process.stdout.write(`${trouble}\n`);
} finally {
  await window.close();
}
