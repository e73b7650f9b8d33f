import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { errorCode } from '../../../core/disk/file-ops.ts';
import { hashFile } from '../../../core/disk/hash-file.ts';
import { workspace, type Workspace } from '../../fixtures/run.ts';

let space: Workspace;
beforeEach(() => {
  space = workspace();
});
afterEach(() => {
  space.remove();
});

describe('the hash of a file', () => {
  it.each([0, 1, 1 << 20, (1 << 20) + 1, 3_000_000])('of %i bytes is that of its content', async (bytes) => {
    const content = Buffer.alloc(bytes, 'some content');
    expect(await hashFile(space.put('file', content))).toBe(createHash('sha256').update(content).digest('hex'));
  });

  it('of none is the error of the system', async () => {
    expect(errorCode(await hashFile(space.path('none')).catch((error: unknown) => error))).toBe('ENOENT');
  });
});
