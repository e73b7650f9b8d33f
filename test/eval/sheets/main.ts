/**
 * `npm run sheets [-- --models id,id] [--out folder] [--camera]`: contact sheets of the shipped models, to be looked at.
 * They show photos of the shared data, so they belong into an ignored folder.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { shippedModels } from '../eval-model.ts';
import { list } from '../options.ts';
import { writeSheet, type Sheet } from './layout.ts';
import { cameraSheet, contactSheet, rivalSheet } from './sheets.ts';

const { values } = parseArgs({
  options: {
    models: { type: 'string' },
    out: { type: 'string', default: fileURLToPath(new URL('../../../.cache/sheets', import.meta.url)) },
    /** The sheet of camera photos for models that are not crisp too. */
    camera: { type: 'boolean', default: false },
  },
});
const out = resolve(values.out);
await mkdir(out, { recursive: true });

for (const model of await shippedModels(values.models === undefined ? null : list(values.models))) {
  const { card } = model;
  const kinds: [string, (directory: string) => Promise<Sheet | null>][] = [
    ['', async (directory) => await contactSheet(model, directory)],
  ];
  if (card.scale > 1) kinds.push(['-rival', async (directory) => await rivalSheet(model, directory)]);
  if (card.scale > 1 && (card.task === 'enlarge-crisp' || values.camera))
    kinds.push(['-camera', async (directory) => await cameraSheet(model, directory)]);
  for (const [suffix, make] of kinds) {
    const directory = await mkdtemp(join(tmpdir(), 'enlarger-sheets-'));
    try {
      const path = join(out, `${card.id}${suffix}.png`);
      process.stderr.write(`sheets: ${basename(path)}\n`);
      const sheet = await make(directory);
      if (sheet === null) continue;
      await writeSheet(sheet, path);
      process.stdout.write(`${path}\n`);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
}
