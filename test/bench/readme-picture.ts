/**
 * `npm run picture`: makes the README's picture from the built-in sample, through the real command. Left what every
 * viewer does (bicubic), right Enlarger, both ×4.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sharp } from '../../core/engine/sharp.ts';
import { writeSample } from '../../core/engine/sample/write-sample.ts';
import { withBenchPlace } from './bench-place.ts';
import { runEnhance } from './command.ts';
import { bicubicResize } from '../eval/matlab-bicubic.ts';

const target = fileURLToPath(new URL('../../docs/before-after.webp', import.meta.url));
const scale = 4;
/** Part of the sample that is shown, in its own pixels. */
const shown = { left: 222, top: 432, width: 132, height: 104 };
const gap = 8;

await withBenchPlace({ long: false, repeats: 1 }, async ({ directory, stateDirectory }) => {
  const sample = join(directory, 'sample.png');
  await writeSample(sample, 1024, 768);
  await runEnhance([sample, '--scale', String(scale), '--out', directory], { stateDirectory });
  const after = await sharp(join(directory, 'sample (1).png'))
    .extract({ left: shown.left * scale, top: shown.top * scale, width: shown.width * scale, height: shown.height * scale })
    .png()
    .toBuffer();
  const [width, height] = [shown.width * scale, shown.height * scale];
  mkdirSync(fileURLToPath(new URL('../../docs', import.meta.url)), { recursive: true });
  await sharp({ create: { width: 2 * width + gap, height, channels: 3, background: 'white' } })
    .composite([
      { input: await enlargedByBicubic(sample), left: 0, top: 0 },
      { input: after, left: width + gap, top: 0 },
    ])
    .webp({ quality: 90 })
    .toFile(target);
});

async function enlargedByBicubic(sample: string): Promise<Buffer> {
  const { data, info } = await sharp(sample).extract(shown).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const [width, height] = [info.width * scale, info.height * scale];
  const pixels = bicubicResize(data, info.width, info.height, 3, width, height);
  return await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}
