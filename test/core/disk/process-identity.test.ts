import { describe, expect, it } from 'vitest';
import { isAlive, ownIdentity } from '../../../core/disk/process-identity.ts';

describe('a process identity', () => {
  it('of this process is alive', async () => {
    expect(await isAlive(await ownIdentity())).toBe(true);
  });
});
