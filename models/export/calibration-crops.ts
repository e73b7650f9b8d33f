/** Held-out crops with what they should become and what training's own network made of them. */
import { EnlargerError } from '../../core/photo/failure.ts';
import type { PlainNetwork } from './plain-network.ts';
import type { Planes } from './run-network.ts';
import type { TensorFile } from './safetensors.ts';

export interface Crop {
  readonly input: Planes;
  readonly target: Planes;
  /** What the float network gave in training. */
  readonly output: Planes;
}

/** Takes `input`, `target` and `output` out of `calibration.safetensors`. Throws EnlargerError `damaged` when they do not fit the network. */
export function parseCrops(file: TensorFile, { planes, scale }: PlainNetwork): Crop[] {
  const [count = 0, , height = 0, width = 0] = file.tensors.get('input')?.shape ?? [];
  const input = pictures(file, 'input', [count, planes.length, height, width]);
  const enlarged = [count, 3, height * scale, width * scale];
  const target = pictures(file, 'target', enlarged);
  const output = pictures(file, 'output', enlarged);
  return input.flatMap((picture, index) => {
    const [goal, made] = [target[index], output[index]];
    return goal === undefined || made === undefined ? [] : [{ input: picture, target: goal, output: made }];
  });
}

function pictures(file: TensorFile, name: string, shape: readonly number[]): Planes[] {
  const tensor = file.tensors.get(name);
  if (tensor === undefined || !(tensor.data instanceof Float32Array) || tensor.shape.join() !== shape.join() || shape.includes(0))
    throw new EnlargerError(
      'damaged',
      `The calibration file's "${name}" is not F32 of shape [${shape.join()}]. Write it again by training.`,
    );
  const [pictureCount = 0, count = 0, height = 0, width = 0] = shape;
  const size = count * height * width;
  const { data } = tensor;
  return Array.from({ length: pictureCount }, (_, index) => ({
    values: data.subarray(index * size, (index + 1) * size),
    count,
    height,
    width,
  }));
}
