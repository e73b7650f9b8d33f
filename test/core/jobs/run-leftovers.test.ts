import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { machineKey, ownIdentity } from '../../../core/disk/process-identity.ts';
import { fakePhoto } from '../../fixtures/fake-photo.ts';
import { runIn, workspace, type Workspace } from '../../fixtures/run.ts';

let space: Workspace;
beforeEach(() => {
  space = workspace();
});
afterEach(() => {
  space.remove();
});

describe('what a killed run left', () => {
  it.each([
    ['there is work', false, false],
    ['everything is done', true, false],
    ['there is no photo at all', true, true],
  ])('is removed at the next start when %s', async (_, isDone, isGone) => {
    const options = { inputs: [space.path('in')], outDirectory: space.path('out'), conflict: 'skip' as const };
    space.put('in/a.jpg', fakePhoto());
    if (isDone) await runIn(space, options);
    if (isGone) rmSync(space.path('in/a.jpg'));
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const run = `${String(pid)}-${machineKey()}01234567`;
    const identity = { ...(await ownIdentity()), pid, startTicks: null };
    space.put(`.state/runs/${run}.json`, JSON.stringify({ process: identity, folders: [space.path('out')] }));
    space.put(`.state/scratch/${run}/photo/pixels.tif`, 'pixels');
    space.put(`out/.enlarger-${run}-1.part`, 'half');
    space.put(`out/.enlarger-${run}-1.part.meta`, 'half');
    await runIn(space, options);
    expect(space.list('.state').filter((name) => name.startsWith('scratch/') || name.startsWith('runs/'))).toEqual([]);
    expect(space.list('out')).toEqual(['a.jpg']);
  });
});
