import { describe, expect, test } from 'vitest';
import { encodeModel } from '../../../models/compress/onnx-encode.ts';
import { calibrate } from '../../../models/export/calibrate.ts';
import { equalized } from '../../../models/export/equalize.ts';
import { floatModel } from '../../../models/export/float-graph.ts';
import { comparePictures } from '../../../models/export/parity.ts';
import type { PlainNetwork } from '../../../models/export/plain-network.ts';
import { openFile } from '../../../models/export/run-network.ts';
import type { Planes } from '../../../models/export/run-network.ts';
import { build, picture, smallNetworks } from './small-networks.ts';

async function tapsOf(network: PlainNetwork, x: Planes): Promise<ReadonlyMap<string, Planes>> {
  const running = await openFile(encodeModel(floatModel(network, 'fp32', true)));
  try {
    return await running.run(x);
  } finally {
    await running.release();
  }
}

/** The widest range of a channel over the narrowest that is used at all. */
function spread({ values, count }: Planes): number {
  const pixels = values.length / count;
  const maxima = Array.from({ length: count }, (_, channel) =>
    Math.max(...values.subarray(channel * pixels, (channel + 1) * pixels)),
  );
  const used = maxima.filter((largest) => largest > 0);
  return Math.max(...used) / Math.min(...used);
}

describe('equalising channels', () => {
  test.each(smallNetworks)('changes no picture: $name', async (shape) => {
    const network = build(shape);
    const inputs = [picture(32, 32), picture(24, 40, 11)];
    const even = await equalized(network, inputs);
    const x = picture(28, 36, 5);
    const [before, after] = [await tapsOf(network, x), await tapsOf(even, x)];
    expect(comparePictures([before.get('y')!], [after.get('y')!]).largest).toBeLessThan(1e-5);
    expect(even.body[0]!.weight).not.toEqual(network.body[0]!.weight);
  });

  test('brings the ranges of a value nearer to each other, and leaves the widest as it is', async () => {
    const network = build(smallNetworks[0]);
    const inputs = [picture(32, 32)];
    const even = await equalized(network, inputs);
    const [before, after] = [await tapsOf(network, inputs[0]!), await tapsOf(even, inputs[0]!)];
    for (const name of ['head', 'body.0', 'body.1']) expect(spread(after.get(name)!)).toBeLessThan(spread(before.get(name)!));
    const [was, is] = [await calibrate(network, inputs), await calibrate(even, inputs)];
    expect(is.get('head')!.max).toBeCloseTo(was.get('head')!.max, 4);
  });

  test('leaves the network that it was given alone', async () => {
    const network = build(smallNetworks[0]);
    const weights = Float32Array.from(network.head.weight);
    await equalized(network, [picture(32, 32)]);
    expect(network.head.weight).toEqual(weights);
  });
});
