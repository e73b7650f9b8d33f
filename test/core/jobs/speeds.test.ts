import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFileOps } from '../../../core/jobs/file-ops.ts';
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
    first.add('m/cpu', 1000, 10);
    first.add('m/cpu', 3000, 10);
    await first.save();
    const second = await openSpeeds(space.state, nodeFileOps);
    expect(second.of('m/cpu')).toBe(200);
    expect(second.of('n/cpu')).toBeNull();
    second.add('m/cpu', 4000, 10);
    await second.save();
    expect((await openSpeeds(space.state, nodeFileOps)).of('m/cpu')).toBe(300);
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
