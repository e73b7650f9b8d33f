import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFileOps } from '../../../core/disk/file-ops.ts';
import { openRunPlace, sweep } from '../../../core/jobs/janitor.ts';
import { machineKey, ownIdentity, pidExists } from '../../../core/disk/process-identity.ts';
import { workspace, type Workspace } from '../../fixtures/run.ts';

let space: Workspace;
beforeEach(() => {
  space = workspace();
});
afterEach(() => {
  space.remove();
});

/** A process number that nobody has any more. */
function deadPid(): number {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  expect(pidExists(pid)).toBe(false);
  return pid;
}

const run = (pid: number, machine = machineKey(), random = '01234567') => `${String(pid)}-${machine}${random}`;
const part = (name: string, count = 1) => `.enlarger-${name}-${String(count)}.part`;

/** What a run of process `pid` leaves when it is killed. */
function leave(name: string, identity: object, folder = 'out'): void {
  space.put(`.state/runs/${name}.json`, JSON.stringify({ process: identity, folders: [space.path(folder)] }));
  space.put(`.state/scratch/${name}/photo/original.tif`, 'pixels');
  space.put(`${folder}/${part(name)}`, 'half');
}

const stateNames = () => space.list('.state').filter((name) => name.startsWith('runs/') || name.startsWith('scratch/'));

describe('a run place', () => {
  it('leaves nothing when it is closed', async () => {
    mkdirSync(space.path('out'));
    const place = await openRunPlace(space.state, nodeFileOps);
    await place.journal([space.path('out')]);
    await place.makePart(space.path('out'));
    writeFileSync(join(place.scratchDirectory, 'x.tif'), 'pixels');
    expect(space.list('out')).toHaveLength(1);
    await place.close();
    expect(space.list('out')).toEqual([]);
    expect(stateNames()).toEqual([]);
  });

  it('is not swept while its process lives, by whichever way', async () => {
    mkdirSync(space.path('out'));
    const place = await openRunPlace(space.state, nodeFileOps);
    await place.journal([space.path('out')]);
    const temp = await place.makePart(space.path('out'));
    writeFileSync(join(place.scratchDirectory, 'x.tif'), 'pixels');
    expect(await sweep(space.state, [space.path('out')], nodeFileOps)).toBe(0);
    expect(await sweep(space.path('other-state'), [space.path('out')], nodeFileOps)).toBe(0);
    expect(readFileSync(temp, 'utf8')).toBe('');
    expect(stateNames()).toHaveLength(2);
    await place.close();
  });

  it('gives every temp file a name of its own', async () => {
    mkdirSync(space.path('out'));
    const places = await Promise.all([1, 2, 3].map(() => openRunPlace(space.state, nodeFileOps)));
    const names = await Promise.all(
      places.flatMap((place) => [place.makePart(space.path('out')), place.makePart(space.path('out'))]),
    );
    expect(new Set(names).size).toBe(6);
    for (const place of places) await place.close();
  });
});

describe('the janitor', () => {
  it('removes everything of a dead run', async () => {
    const pid = deadPid();
    leave(run(pid), { ...(await ownIdentity()), pid });
    expect(await sweep(space.state, [], nodeFileOps)).toBe(2);
    expect(space.list('out')).toEqual([]);
    expect(stateNames()).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('sees that a process number belongs to somebody else by now', async () => {
    const own = await ownIdentity();
    expect(own.startTicks).not.toBeNull();
    leave(run(process.pid), { ...own, startTicks: String(Number(own.startTicks) - 1) });
    leave(run(process.pid, machineKey(), '76543210'), { ...own, boot: 'an earlier start of the machine' }, 'out2');
    await sweep(space.state, [], nodeFileOps);
    expect([...space.list('out'), ...space.list('out2'), ...stateNames()]).toEqual([]);
  });

  it('finds temp files in the target folders of this run without any journal', async () => {
    const pid = deadPid();
    space.put(`out/${part(run(pid))}`, 'half');
    expect(await sweep(space.state, [space.path('out')], nodeFileOps)).toBe(1);
    expect(space.list('out')).toEqual([]);
  });

  it('reads a torn journal by its name', async () => {
    const pid = deadPid();
    leave(run(pid), {});
    space.put(`.state/runs/${run(pid)}.json`, '{"process":{"pid"');
    space.put(`.state/runs/${run(pid)}.json.${String(pid)}.tmp`, '');
    await sweep(space.state, [space.path('out')], nodeFileOps);
    expect([...space.list('out'), ...stateNames()]).toEqual([]);
  });

  it('leaves runs of other machines and of living processes alone', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const pid = child.pid ?? 0;
    const foreign = run(deadPid(), '000000');
    leave(foreign, { pid: deadPid(), machine: '000000', boot: null, startTicks: null });
    leave(run(pid), { pid, machine: machineKey(), boot: null, startTicks: null }, 'out2');
    space.put(`out/${part(run(pid, machineKey(), '00000000'))}`, 'of a run with another state folder');
    const before = [...space.list('out'), ...space.list('out2'), ...stateNames()];
    expect(before).toHaveLength(7);
    expect(await sweep(space.state, [space.path('out'), space.path('out2')], nodeFileOps)).toBe(0);
    expect([...space.list('out'), ...space.list('out2'), ...stateNames()]).toEqual(before);
    child.kill();
  });

  it('touches nothing that only looks like ours', async () => {
    const pid = deadPid();
    const good = run(pid);
    const kept = [
      'photo.jpg',
      '.hidden',
      `${part(good)}.jpg`,
      `x${part(good)}`,
      part(good).replace('.part', ''),
      part(good).toUpperCase(),
      `.enlarger-${String(pid)}.part`,
      `.enlarger-${String(pid)}-zzzzzzzzzzzzzz-1.part`,
      '.enlarger-notes.part',
      `.enlarger-${good}-.part`,
      `.enlarger-${good}-1.part~`,
    ];
    for (const name of kept) space.put(`out/${name}`, 'mine');
    space.put(`out/${part(good, 2)}/inside.txt`, 'a folder of that name');
    symlinkSync(space.put('precious.jpg', 'mine'), space.path(`out/${part(good, 3)}`));
    space.put('.state/scratch/my notes/x.txt', 'mine');
    space.put('.state/runs/readme.txt', 'mine');
    leave(good, { ...(await ownIdentity()), pid });
    const before = space.list().filter((name) => name !== `out/${part(good)}`);
    await sweep(space.state, [space.path('out')], nodeFileOps);
    expect(space.list()).toEqual(before);
    expect(stateNames()).toEqual(['runs/readme.txt', 'scratch/my notes/x.txt']);
  });

  it('removes the empty file that a dead run had taken a name with, and nothing else of that name', async () => {
    const dead = run(deadPid());
    const note = (count: number) => `out/${part(dead, count)}.name`;
    space.put('out/reserved.jpg', '');
    space.put(note(1), 'reserved.jpg');
    space.put('out/replaced.jpg', 'a result by now');
    space.put(note(2), 'replaced.jpg');
    mkdirSync(space.path('out/folder'));
    space.put(note(3), 'folder');
    space.put('empty.jpg', '');
    space.put(note(4), '../empty.jpg');
    space.put(note(5), 'gone.jpg');
    space.put('out/half-noted.jpg', '');
    space.put(`${note(6)}.77.tmp`, 'half-noted.jpg');
    await sweep(space.state, [space.path('out')], nodeFileOps);
    expect(space.list()).toEqual(['empty.jpg', 'out/half-noted.jpg', 'out/replaced.jpg']);
  });

  it('does not follow a scratch folder that is a link', async () => {
    space.put('precious/a.jpg', 'mine');
    mkdirSync(space.path('.state/scratch'));
    symlinkSync(space.path('precious'), space.path(`.state/scratch/${run(deadPid())}`));
    await sweep(space.state, [], nodeFileOps);
    expect(space.read('precious/a.jpg')).toBe('mine');
  });

  it('tries again next time what it could not remove', async () => {
    const pid = deadPid();
    leave(run(pid), { ...(await ownIdentity()), pid });
    const stuck = { ...nodeFileOps, removeTree: () => Promise.reject(new Error('busy')) };
    await sweep(space.state, [], stuck);
    expect(stateNames()).toHaveLength(2);
    await sweep(space.state, [], nodeFileOps);
    expect(stateNames()).toEqual([]);
  });

  it('needs no state folder', async () => {
    expect(await sweep(space.path('nowhere'), [space.path('nowhere either')], nodeFileOps)).toBe(0);
  });
});
