/// <reference lib="esnext.float16" />
/** A plain network whose chain is computed in 16-bit floats, for GPUs that can: the picture itself stays in 32 bits. */
import type { OnnxModel } from '../../core/engine/network/onnx-proto.ts';
import { elementType } from '../../core/engine/network/onnx-tensor.ts';
import { activate, convolve, correctionOf, finishPicture, storeHalf } from './float-graph.ts';
import { GraphBuilder } from './graph-builder.ts';
import { layersOf } from './plain-network.ts';
import type { PlainNetwork } from './plain-network.ts';

/**
 * The network as ONNX, `x` → `y` float32 like its other files. Only the correction passes through 16 bits, so that its error is a
 * share of the correction, not of the picture. Throws EnlargerError `model-invalid` when a weight is beyond float16.
 */
export function halfModel(network: PlainNetwork): OnnxModel {
  const graph = new GraphBuilder();
  const x = graph.input('x', network.planes.length);
  const first = graph.node('Cast', [x], 'x.half', { to: elementType.float16 });
  for (const layer of layersOf(network)) {
    const { weight, shape, bias } = layer.convolution;
    const parts = [layer.source === x ? first : layer.source, storeHalf(graph, `${layer.name}.weight`, weight, shape)];
    if (bias !== null) parts.push(storeHalf(graph, `${layer.name}.bias`, bias, [shape[0]]));
    activate(graph, layer, convolve(graph, layer, parts, `${layer.name}.conv`), layer.adds);
  }
  finishPicture(
    graph,
    network,
    graph.node('Cast', [correctionOf(graph, network)], 'tail.wide', { to: elementType.float }),
    'fp16',
  );
  return graph.model();
}
