/** The network's definition in plain loops, in float64 and in integers, to compare onnxruntime's answers with. */
import { affineOf } from '../../../models/export/int8-graph.ts';
import type { Affine, ValueRange } from '../../../models/export/int8-graph.ts';
import { layersOf } from '../../../models/export/plain-network.ts';
import type { Convolution, PlainNetwork } from '../../../models/export/plain-network.ts';
import { quantizedLayer } from '../../../models/export/quantized-layer.ts';
import type { Planes } from '../../../models/export/run-network.ts';
import { skipOf } from '../../../models/export/self-ensemble.ts';

/** `y` of the float network by its definition; of a self-ensemble from the photo upright and turned, not from turned kernels. */
export function referencePicture(network: PlainNetwork, x: Planes): Planes {
  if (network.ensemble === 2) {
    const one: PlainNetwork = { ...network, ensemble: 1 };
    const sum = sumOf(referencePicture(one, x), turned(referencePicture(one, turned(x))));
    return mapped(sum, (value) => value / 2);
  }
  const values = new Map<string, Planes>([['x', x]]);
  for (const layer of layersOf(network)) {
    const { weight, bias } = layer.convolution;
    const sum = convolved(layer.convolution, weight, values.get(layer.source)!, layer.stride, 1);
    const added = layer.adds === null ? null : values.get(layer.adds)!;
    const size = sum.height * sum.width;
    sum.values.forEach((value, index) => {
      const total = value + (bias?.[Math.floor(index / size)] ?? 0) + (added?.values[index] ?? 0);
      sum.values[index] = layer.relu ? Math.max(0, total) : total;
    });
    values.set(layer.name, sum);
  }
  return finished(network, x, values.get('tail')!);
}

/** `y` of the int8 network with an integer tail and no residual steps, every accumulator exact, rounded half to even as QLinearConv does. */
export function integerPicture(network: PlainNetwork, ranges: ReadonlyMap<string, ValueRange>, x: Planes): Planes {
  const given: Affine = { scale: Math.fround(1 / 255), zeroPoint: 0 };
  const givenCodes = mapped(x, (value) => clampByte(halfEven(value / given.scale)));
  let [source, codes] = [given, givenCodes];
  let correction: Planes | null = null;
  for (const { name, source: from, convolution, stride, relu } of layersOf(network)) {
    if (from === 'x') [source, codes] = [given, givenCodes];
    const layer = quantizedLayer(convolution, convolution.bias!, source.scale);
    const target = affineOf(ranges.get(relu ? name : `${name}.conv`)!);
    const sums = convolved(convolution, layer.integers, codes, stride, 1);
    const size = sums.height * sums.width;
    const input = source;
    codes = mapped(sums, (sum, index) => {
      const channel = Math.floor(index / size);
      const factor = Math.fround(Math.fround(input.scale * layer.scales[channel]!) / target.scale);
      return clampByte(halfEven(Math.fround((sum + layer.biases[channel]!) * factor)) + target.zeroPoint);
    });
    source = target;
    if (relu) continue;
    const tail = mapped(codes, (code) => (code - target.zeroPoint) * target.scale);
    correction = correction === null ? tail : sumOf(correction, tail);
  }
  const skip = skipOf(network);
  return finished({ ...network, skip }, x, correction!);
}

function finished({ scale, stride, skip }: PlainNetwork, x: Planes, correction: Planes): Planes {
  const block = scale * stride;
  const plain = skip === null ? correction : sumOf(correction, convolved(skip, skip.weight, x, 1, 2));
  const [height, width] = [plain.height * block, plain.width * block];
  const values = new Float32Array(3 * height * width);
  for (let index = 0; index < values.length; index += 1) {
    const [column, row, plane] = [index % width, Math.floor(index / width) % height, Math.floor(index / (width * height))];
    const from = plane * block ** 2 + (row % block) * block + (column % block);
    values[index] = plain.values[(from * plain.height + Math.floor(row / block)) * plain.width + Math.floor(column / block)]!;
    if (skip === null) values[index]! += x.values[index]!;
  }
  return { values, count: 3, height, width };
}

function convolved({ shape }: Convolution, weights: ArrayLike<number>, source: Planes, stride: number, pad: number): Planes {
  const [count, inputs, down, across] = shape;
  const height = Math.floor((source.height + 2 * pad - down) / stride) + 1;
  const width = Math.floor((source.width + 2 * pad - across) / stride) + 1;
  const values = new Float32Array(count * height * width);
  for (let index = 0; index < values.length; index += 1) {
    const [column, row, output] = [index % width, Math.floor(index / width) % height, Math.floor(index / (width * height))];
    let sum = 0;
    for (let input = 0; input < inputs; input += 1)
      for (let dy = 0; dy < down; dy += 1)
        for (let dx = 0; dx < across; dx += 1) {
          const [sourceRow, sourceColumn] = [row * stride + dy - pad, column * stride + dx - pad];
          if (sourceRow < 0 || sourceColumn < 0 || sourceRow >= source.height || sourceColumn >= source.width) continue;
          const value = source.values[(input * source.height + sourceRow) * source.width + sourceColumn]!;
          sum += value * weights[((output * inputs + input) * down + dy) * across + dx]!;
        }
    values[index] = sum;
  }
  return { values, count, height, width };
}

/** Rows become columns. */
function turned({ values, count, height, width }: Planes): Planes {
  const size = height * width;
  return {
    values: values.map((_, index) => {
      const [column, row] = [index % height, Math.floor(index / height) % width];
      return values[Math.floor(index / size) * size + column * width + row]!;
    }),
    count,
    height: width,
    width: height,
  };
}

function mapped(planes: Planes, change: (value: number, index: number) => number): Planes {
  return { ...planes, values: planes.values.map((value, index) => change(value, index)) };
}

function sumOf(one: Planes, other: Planes): Planes {
  return mapped(one, (value, index) => value + other.values[index]!);
}

function halfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}

function clampByte(value: number): number {
  return Math.min(255, Math.max(0, value));
}
