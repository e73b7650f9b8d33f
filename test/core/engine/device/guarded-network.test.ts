import { describe, expect, it } from 'vitest';
import { fixedTiles } from '../../../../core/engine/device/fixed-tiles.ts';
import { guardedNetwork } from '../../../../core/engine/device/guarded-network.ts';
import type { Network } from '../../../../core/engine/network/session.ts';

const identity: Network = {
  scale: 1,
  inputPlanes: 3,
  run: (planes) => Promise.resolve(planes.slice()),
  inferMs: () => 0,
  release: () => Promise.resolve(),
};
const side = 16;
const picture = (): Float32Array => Float32Array.from({ length: 3 * side * side }, (_, at) => 0.3 + 0.4 * ((at % side) / side));

/** Answers black for the calls whose number is listed. */
function faulty(badCalls: readonly number[]): Network {
  let calls = 0;
  return {
    ...identity,
    run(planes) {
      calls += 1;
      return Promise.resolve(badCalls.includes(calls) ? new Float32Array(planes.length) : planes.slice());
    },
  };
}

function guard(network: Network): { network: Network; told: string[]; opened: () => number } {
  const told: string[] = [];
  let opened = 0;
  const guarded = guardedNetwork({
    network,
    openRescue: () => {
      opened += 1;
      return Promise.resolve(identity);
    },
    onBadTile: (reason) => told.push(reason),
  });
  return { network: guarded, told, opened: () => opened };
}

describe('a guarded network', () => {
  it('hands on what is right, and opens nothing', async () => {
    const { network, told, opened } = guard(identity);
    for (let run = 0; run < 5; run += 1) expect(await network.run(picture(), side, side)).toEqual(picture());
    expect([told, opened()]).toEqual([[], 0]);
  });

  it('computes one bad tile again on the processor, and tells it', async () => {
    const { network, told, opened } = guard(faulty([2]));
    for (let run = 0; run < 4; run += 1) expect(await network.run(picture(), side, side)).toEqual(picture());
    expect([told.length, opened()]).toEqual([1, 1]);
  });

  it('gives the device up with the second bad tile, however far apart they are', async () => {
    const { network, told } = guard(faulty([1, 40]));
    for (let run = 0; run < 39; run += 1) expect(await network.run(picture(), side, side)).toEqual(picture());
    await expect(network.run(picture(), side, side)).rejects.toMatchObject({ code: 'device-failed', retry: false });
    expect(told.length).toBe(2);
  });

  it('tries to open the processor again when that failed once', async () => {
    let tries = 0;
    const network = guardedNetwork({
      network: faulty([1, 2]),
      openRescue: () => {
        tries += 1;
        return Promise.reject(new Error('no memory'));
      },
      onBadTile: () => undefined,
    });
    await expect(network.run(picture(), side, side)).rejects.toThrow('no memory');
    await expect(network.run(picture(), side, side)).rejects.toMatchObject({ code: 'device-failed' });
    expect(tries).toBe(1);
  });
});

describe('tiles of one size', () => {
  it('reach the network as they are', async () => {
    const fixed = fixedTiles(identity, 3);
    const planes = Float32Array.from({ length: 27 }, (_, at) => at / 1000);
    expect(await fixed.run(planes, 3, 3)).toEqual(planes);
    expect(fixed.tileSide).toBe(3);
  });

  it.each([
    [9, 9],
    [8, 7],
    [1, 8],
  ])('are asked for: %i × %i is a defect', async (width, height) => {
    await expect(fixedTiles(identity, 8).run(new Float32Array(3 * width * height), width, height)).rejects.toThrow(RangeError);
  });
});
