/**
 * The mean of a network's picture and of the one that it makes when the photo is turned on its side and back (the geometric self-ensemble of
 * Lim et al., EDSR, arXiv 1707.02921, section 3.3, with the one turn that holds both axes). Turning the kernels instead of the photo gives the same, so both are chains of one graph.
 */
import type { Convolution, PlainNetwork } from './plain-network.ts';
import { turnedKernel } from './turned-kernel.ts';

export interface Chain {
  /** Before the names of its layers. */
  readonly prefix: string;
  readonly head: Convolution;
  readonly body: readonly Convolution[];
  readonly tail: Convolution;
}

/** The chains of a network, whose tails add up to the correction. */
export function chainsOf({ head, body, tail, scale, stride, ensemble }: PlainNetwork): Chain[] {
  if (ensemble === 1) return [{ prefix: '', head, body, tail }];
  const half = scaled(tail, 1 / 2);
  return [
    { prefix: '', head, body, tail: half },
    {
      prefix: 'turned.',
      head: transposed(head),
      body: body.map((convolution) => transposed(convolution)),
      tail: transposedPhases(transposed(half), scale * stride),
    },
  ];
}

/** The convolution that enlarges the picture itself; null for scale 1. */
export function skipOf({ skip, scale, ensemble }: PlainNetwork): Convolution | null {
  if (skip === null || ensemble === 1) return skip;
  const turned = transposedPhases(transposed(skip), scale);
  return { ...skip, weight: skip.weight.map((weight, index) => (weight + (turned.weight[index] ?? 0)) / 2) };
}

/** Rows of the kernel become columns. */
function transposed({ weight, shape, bias }: Convolution): Convolution {
  const [outputs, inputs, height, width] = shape;
  const bytes = turnedKernel(new Uint8Array(weight.buffer, weight.byteOffset, weight.byteLength), shape);
  return { weight: new Float32Array(bytes.buffer), shape: [outputs, inputs, width, height], bias };
}

/** Of output planes that are the `block` × `block` pixels of each colour, rows become columns too. */
function transposedPhases({ weight, shape, bias }: Convolution, block: number): Convolution {
  const size = weight.length / shape[0];
  const turned = new Float32Array(weight.length);
  const biases = bias && new Float32Array(bias.length);
  for (let plane = 0; plane < shape[0]; plane += 1) {
    const phase = plane % block ** 2;
    const from = plane - phase + (phase % block) * block + Math.floor(phase / block);
    turned.set(weight.subarray(from * size, (from + 1) * size), plane * size);
    if (biases !== null) biases[plane] = bias?.[from] ?? 0;
  }
  return { weight: turned, shape, bias: biases };
}

function scaled({ weight, shape, bias }: Convolution, factor: number): Convolution {
  return { weight: weight.map((value) => value * factor), shape, bias: bias?.map((value) => value * factor) ?? null };
}
