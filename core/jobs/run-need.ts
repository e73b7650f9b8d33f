/** What a run needs of its disks and of memory, and how many of its photos may be worked on at once for that. */
import type { FileOps } from '../disk/file-ops.ts';
import { encodeMemoryBytes } from '../photo/formats.ts';
import { rasterShape } from '../photo/facts.ts';
import { checkDisks, type DiskNeed } from './disk-check.ts';
import { sumOfLargest } from './largest.ts';
import type { RunPhoto } from './run-work.ts';
import type { EnhanceRun } from './run.ts';
import type { WorkDevices } from './work-devices.ts';
import { workMemoryBytes } from './work-memory.ts';

export interface RunNeed {
  readonly need: DiskNeed;
  /** From 1 on. */
  readonly atOnce: number;
}

/**
 * As many at once as there are places for, and fewer where the disks would not hold the intermediate pictures of all, or memory their encoders. One
 * after the other in the worst case; results that are only kept for later give way before a run is refused.
 */
export async function runNeed(
  run: Pick<EnhanceRun, 'cache'>,
  { files, devices }: { readonly files: FileOps; readonly devices: Pick<WorkDevices, 'mostAtOnce'> },
  photos: readonly RunPhoto[],
  scratchDirectory: string,
): Promise<RunNeed> {
  const uses = photos.map(({ photo: { folder, plan }, made }) => ({ folder, plan, cached: made !== null }));
  const encoders = photos.map(({ photo: { plan, facts } }) =>
    encodeMemoryBytes(plan.output.format, { ...plan.output, bitDepth: rasterShape(facts).bitDepth }),
  );
  const models = photos.flatMap(({ photo, made }) => (made === null ? (photo.model ?? []) : []));
  const most = Math.min(photos.length, devices.mostAtOnce(models));
  for (let atOnce = most; atOnce > 1; atOnce -= 1) {
    if (sumOfLargest(encoders, atOnce) > workMemoryBytes()) continue;
    const need = await checkDisks(uses, scratchDirectory, files, atOnce);
    if (need.failure === null) return { need, atOnce };
  }
  const need = await checkDisks(uses, scratchDirectory, files);
  if (need.failure === null) return { need, atOnce: 1 };
  const { freedBytes } = await run.cache.results.makeRoom(need.scratchDiskBytes, { pinned: new Set(), unreviewed: new Set() });
  return { need: freedBytes > 0 ? await checkDisks(uses, scratchDirectory, files) : need, atOnce: 1 };
}
