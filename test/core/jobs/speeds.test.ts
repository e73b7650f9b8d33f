import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFileOps } from '../../../core/disk/file-ops.ts';
import { openSpeeds } from '../../../core/jobs/speeds.ts';
import { workspace, type Workspace } from '../../fixtures/run.ts';

let space: Workspace;
beforeEach(() => {
  space = workspace();
});
afterEach(() => {
  space.remove();
});

describe('remembered speeds', () => {
  it('last from run to run, the newest counting most', async () => {
    const first = await openSpeeds(space.state, nodeFileOps);
    expect(first.of('m/cpu')).toBeNull();
    first.add('m/cpu', 1_000_000, 10_000);
    first.add('m/cpu', 3_000_000, 10_000);
    await first.save();
    const second = await openSpeeds(space.state, nodeFileOps);
    expect(second.of('m/cpu')).toBe(200);
    expect(second.of('n/cpu')).toBeNull();
    second.add('m/cpu', 4_000_000, 10_000);
    await second.save();
    expect((await openSpeeds(space.state, nodeFileOps)).of('m/cpu')).toBe(300);
  });

  it('of a run too short to tell change little', async () => {
    for (const [pixels, ms] of [
      [1_000_000, 10_000],
      [30, 30],
    ] as const) {
      const speeds = await openSpeeds(space.state, nodeFileOps);
      speeds.add('m/cpu', pixels, ms);
      await speeds.save();
    }
    const speed = (await openSpeeds(space.state, nodeFileOps)).of('m/cpu') ?? 0;
    expect(speed).toBeGreaterThan(99);
    expect(speed).toBeLessThan(100);
  });

  it.each(['', 'nonsense', '[]', '{"m/cpu":-1}', '{"m/cpu":"fast"}'])('that are damaged (%s) are forgotten', async (text) => {
    space.put('.state/speeds.json', text);
    expect((await openSpeeds(space.state, nodeFileOps)).of('m/cpu')).toBeNull();
  });

  it('that cannot be written are no failure', async () => {
    const speeds = await openSpeeds(space.path('missing'), nodeFileOps);
    speeds.add('m/cpu', 1, 1);
    await speeds.save();
  });
});
