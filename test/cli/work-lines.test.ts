import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorkLines } from '../../cli/work-lines.ts';
import type { LibraryPlace } from '../../core/host/place.ts';
import { onProcessor, type DevicesFor } from '../../core/jobs/job-model.ts';
import { guardedGraphics, workDevices } from '../../core/jobs/work-devices.ts';
import { EnlargerError } from '../../core/photo/failure.ts';
import type { RunEvent } from '../../core/photo/run-events.ts';
import { localEngine } from '../fixtures/engines.ts';
import { recipe } from '../fixtures/facts.ts';
import { fakeHandlers } from '../fixtures/fake-handlers.ts';
import { fakeGpuModel } from '../fixtures/fake-model.ts';
import { fakePhoto } from '../fixtures/fake-photo.ts';
import { addToLibrary, openLibraryWork, type LibraryWork } from '../fixtures/library-work.ts';
import { workspace, type Workspace } from '../fixtures/run.ts';

let space: Workspace;
let work: LibraryWork;
let told: RunEvent[];
let fault: EnlargerError | null;

beforeEach(async () => {
  space = workspace();
  told = [];
  fault = null;
  let isOut = false;
  const model = fakeGpuModel(space.path('model'));
  const devicesFor: DevicesFor = (one) => {
    const processor = onProcessor(one);
    return isOut ? processor : [{ device: 'webgpu', variant: one.card.variants[1]!, tileSide: 64 }, ...processor];
  };
  const engine = localEngine({
    render: (params, context) => (fault === null ? fakeHandlers.render(params, context) : Promise.reject(fault)),
  });
  const trust = { isTrusted: () => !isOut, distrust: () => Promise.resolve(void (isOut = true)) };
  const lines = createWorkLines((event) => told.push(event));
  work = await openLibraryWork(space, localEngine(), {
    models: [model],
    devices: workDevices({ devicesFor, prepare: () => Promise.resolve(), gainOfBoth: () => null }),
    graphics: guardedGraphics({ engine, devices: trust }, () => undefined),
    onEvent: lines.onEnhance,
    onSettled: lines.onSettled,
  });
  lines.follow({ catalog: work.catalog, queue: work.queue } as unknown as LibraryPlace);
});
afterEach(async () => {
  await work.close();
  space.remove();
});

async function devicesTold(): Promise<unknown[]> {
  const ids = addToLibrary(work.catalog, [space.put('photos/0.jpg', fakePhoto({ seed: 0 }))]);
  await work.handlers.add({ choice: { ids }, recipe: recipe() });
  await work.queue.run();
  return told.flatMap((event) => (event.type === 'started' || event.type === 'done' ? [[event.type, event.device]] : []));
}

describe('the lines of work on a library', () => {
  it('name the device that made a photo', async () => {
    expect(await devicesTold()).toEqual([
      ['started', 'webgpu'],
      ['done', 'webgpu'],
    ]);
  });

  it('name the one that made it in the end, where the first one failed over it', async () => {
    fault = new EnlargerError('device-failed', 'It computed black tiles.');
    expect(await devicesTold()).toEqual([
      ['started', 'webgpu'],
      ['done', 'cpu'],
    ]);
  });
});
