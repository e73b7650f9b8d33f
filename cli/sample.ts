/** `--sample`: the built-in photo as a file that the user can keep. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { nodeFileOps } from '../core/disk/file-ops.ts';
import { openRunPlace } from '../core/jobs/janitor.ts';
import { knowOriginals } from '../core/jobs/originals.ts';
import { publish } from '../core/jobs/publish.ts';
import { writing } from '../core/disk/write-failure.ts';
import type { Workplace } from './workplace.ts';

/** Size of the sample photo, in pixels. */
export const sampleSize = { width: 1024, height: 768 } as const;

const typicalBytes = 2_000_000;

/**
 * Draws the sample into `<directory>/sample.png` and returns that path, relative when `directory` is. A sample
 * drawn earlier is used again; any other file of that name is left alone, and the sample is numbered.
 */
export async function drawSample(workplace: Workplace, directory: string, signal: AbortSignal): Promise<string> {
  const place = await openRunPlace(workplace.stateDirectory, nodeFileOps);
  try {
    return await writing(nodeFileOps, directory, typicalBytes, async () => {
      await nodeFileOps.makeFolder(directory);
      await place.journal([resolve(directory)]);
      // The engine stands in a folder of its own: a relative path would lead elsewhere.
      const temp = await place.makePart(resolve(directory));
      try {
        return await drawInto(workplace, directory, temp, signal);
      } finally {
        await place.dropPart(temp);
      }
    });
  } finally {
    await place.close();
  }
}

async function drawInto({ engine }: Workplace, directory: string, temp: string, signal: AbortSignal): Promise<string> {
  await engine.call('sample', { path: temp, ...sampleSize }, { signal });
  const earlier = await readFile(join(directory, 'sample.png')).catch(() => null);
  if (earlier?.equals(await readFile(temp)) === true) return join(directory, 'sample.png');
  const name = { stem: 'sample', extension: '.png', first: 0 };
  const published = await publish(nodeFileOps, {
    temp,
    folder: directory,
    name,
    policy: 'rename',
    originals: await knowOriginals([]),
  });
  if (published === null) throw new Error('a renaming publication always finds a name');
  return published;
}
