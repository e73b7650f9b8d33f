/** The bytes of kernels [outputs, inputs, height, width], rows and columns exchanged: those of [outputs, inputs, width, height]. */
export function turnedKernel(bytes: Uint8Array, dims: readonly number[]): Uint8Array {
  const [outputs = 0, inputs = 0, height = 0, width = 0] = dims;
  const size = bytes.length / (outputs * inputs * height * width);
  const turned = new Uint8Array(bytes.length);
  for (let plane = 0; plane < outputs * inputs; plane += 1)
    for (let y = 0; y < height; y += 1)
      for (let x = 0; x < width; x += 1) {
        const from = ((plane * height + y) * width + x) * size;
        turned.set(bytes.subarray(from, from + size), ((plane * width + x) * height + y) * size);
      }
  return turned;
}
