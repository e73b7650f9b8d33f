import { chmodSync, lstatSync, statSync, utimesSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isFailureCode } from '../../../core/photo/failure.ts';
import { siblingName, targetName } from '../../../core/photo/output-name.ts';
import { errorCode, nodeFileOps, type FileOps } from '../../../core/disk/file-ops.ts';
import { knowOriginals, type Originals } from '../../../core/jobs/originals.ts';
import { publish, type PublishPolicy } from '../../../core/jobs/publish.ts';
import { systemError } from '../../fixtures/failing-files.ts';
import { workspace, type Workspace } from '../../fixtures/run.ts';

let space: Workspace;
let nothing: Originals;
beforeEach(async () => {
  space = workspace();
  nothing = await knowOriginals([]);
});
afterEach(() => {
  space.remove();
});

async function publishOne(
  policy: PublishPolicy,
  files: FileOps = nodeFileOps,
  name = 'a.jpg',
  content = 'new',
): Promise<string | null> {
  const temp = space.put('out/.temp.part', content);
  const path = await publish(files, {
    temp,
    folder: space.path('out'),
    name: targetName(name, 'jpeg'),
    policy,
    originals: nothing,
  });
  return path === null ? null : path.slice(space.path('out').length + 1);
}

const fileSystems: [string, FileOps][] = [
  ['hard links', nodeFileOps],
  ...['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].map((code): [string, FileOps] => [
    `no hard links (${code})`,
    { ...nodeFileOps, link: () => Promise.reject(systemError(code)) },
  ]),
];

describe.each(fileSystems)('publishing on a disk with %s', (_name, files) => {
  it('gives the first free name and keeps every other file', async () => {
    const names = [];
    for (let time = 0; time < 4; time += 1) names.push(await publishOne('rename', files, 'a.jpg', `content ${String(time)}`));
    expect(names).toEqual(['a.jpg', 'a (1).jpg', 'a (2).jpg', 'a (3).jpg']);
    expect(names.map((name) => space.read(`out/${name ?? ''}`))).toEqual([0, 1, 2, 3].map((time) => `content ${String(time)}`));
    expect(space.list('out')).toHaveLength(4);
  });

  it('leaves nothing beside the file', async () => {
    await publishOne('rename', files);
    await publishOne('rename', files);
    expect(space.list('out')).toEqual(['a (1).jpg', 'a.jpg']);
  });

  it('takes no name that is taken, when only one will do', async () => {
    expect(await publishOne('only', files)).toBe('a.jpg');
    expect(await publishOne('only', files, 'a.jpg', 'newer')).toBeNull();
    expect(space.read('out/a.jpg')).toBe('new');
  });

  it('replaces when it is asked to', async () => {
    await publishOne('rename', files);
    expect(await publishOne('overwrite', files, 'a.jpg', 'newer')).toBe('a.jpg');
    expect(space.read('out/a.jpg')).toBe('newer');
    expect(space.list('out')).toEqual(['a.jpg']);
  });

  it('lets many at once have a name each', async () => {
    const temps = Array.from({ length: 8 }, (_unused, index) => space.put(`out/.${String(index)}.part`, String(index)));
    const paths = await Promise.all(
      temps.map((temp) =>
        publish(files, {
          temp,
          folder: space.path('out'),
          name: targetName('a.jpg', 'jpeg'),
          policy: 'rename',
          originals: nothing,
        }),
      ),
    );
    expect(new Set(paths).size).toBe(8);
    expect(
      space
        .list('out')
        .map((name) => space.read(`out/${name}`))
        .sort(),
    ).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
  });
});

describe('a published file', () => {
  it('has the usual mode and a present time', async () => {
    const usual = statSync(space.put('usual.txt', '')).mode;
    await nodeFileOps.makeFolder(space.path('out'));
    const temp = space.path('out/.temp.part');
    await nodeFileOps.createExclusive(temp);
    await publish(nodeFileOps, {
      temp,
      folder: space.path('out'),
      name: targetName('a.jpg', 'jpeg'),
      policy: 'rename',
      originals: nothing,
    });
    expect(statSync(space.path('out/a.jpg')).mode).toBe(usual);
    expect(Math.abs(Date.now() - statSync(space.path('out/a.jpg')).mtimeMs)).toBeLessThan(600_000);
    expect(statSync(space.path('out/a.jpg')).nlink).toBe(1);
  });

  it('gets a shorter name where the disk takes no long one', async () => {
    const name = `${'long '.repeat(60)}.jpg`;
    const limit = (path: string): void => {
      if (Buffer.byteLength(path.slice(space.path('out').length + 1)) > 143) throw systemError('ENAMETOOLONG');
    };
    const files: FileOps = {
      ...nodeFileOps,
      link: (from, to) => {
        limit(to);
        return nodeFileOps.link(from, to);
      },
    };
    const path = await publishOne('rename', files, name);
    expect(path).toBe(siblingName(targetName(name, 'jpeg'), 0, 140));
    expect(await publishOne('rename', files, name)).toMatch(/ \(1\)\.jpg$/);
  });

  it('that the disk may not have kept is taken back', async () => {
    const files: FileOps = { ...nodeFileOps, syncFolder: () => Promise.reject(systemError('EIO')) };
    expect(errorCode(await publishOne('rename', files).catch((error: unknown) => error))).toBe('EIO');
    expect(space.list('out').filter((name) => !name.endsWith('.part'))).toEqual([]);
  });
});

describe('originals', () => {
  it('are left alone whatever leads to them, and their times too', async () => {
    const original = space.put('out/A.JPG', 'original');
    utimesSync(original, 1, 1);
    const before = lstatSync(original);
    nothing = await knowOriginals([original, space.path('gone.jpg')]);
    expect(isFailureCode(await publishOne('overwrite', nodeFileOps, 'A.JPG').catch((error: unknown) => error), 'conflict')).toBe(
      true,
    );
    expect(isFailureCode(await publishOne('overwrite', nodeFileOps, 'a.jpg').catch((error: unknown) => error), 'conflict')).toBe(
      true,
    );
    expect(await publishOne('rename', nodeFileOps, 'a.jpg')).toBe('a (1).jpg');
    expect(lstatSync(original).mtimeMs).toBe(before.mtimeMs);
    expect(space.read('out/A.JPG')).toBe('original');
  });

  it('write-protected results are not replaced', async () => {
    chmodSync(space.put('out/a.jpg', 'kept'), 0o444);
    expect(isFailureCode(await publishOne('overwrite').catch((error: unknown) => error), 'not-writable')).toBe(true);
    expect(space.read('out/a.jpg')).toBe('kept');
  });
});
