/** How far a network sees, traced back pixel by pixel from its output to its input. */
import type { OnnxGraph, OnnxNode } from './onnx-proto.ts';
import { blockSize, borders, convolution, resizeFactor, type Constants } from './onnx-geometry.ts';

/** The rows and columns of a value, first to last, that something depends on. */
interface Area {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/**
 * Input pixels to each side, at most, that an output pixel can depend on. Every phase is traced: with strides and
 * enlargements, neighbours see differently far; after `tileMultiple` input pixels, at `scale` output pixels each, all repeats.
 * `constants` holds every value that does not depend on the input; the graph must have been followed without complaint.
 */
export function receptiveFieldRadius(
  graph: OnnxGraph,
  constants: Constants,
  names: { readonly input: string; readonly output: string },
  scale: number,
  tileMultiple: number,
): number {
  let radius = 0;
  for (let phase = 0; phase < scale * tileMultiple; phase += 1) {
    const seen = traceBack(graph, constants, names, { top: phase, bottom: phase, left: phase, right: phase });
    const own = Math.floor(phase / scale);
    if (seen !== undefined) radius = Math.max(radius, own - seen.top, own - seen.left, seen.bottom - own, seen.right - own);
  }
  return radius;
}

function traceBack(
  graph: OnnxGraph,
  constants: Constants,
  { input, output }: { readonly input: string; readonly output: string },
  area: Area,
): Area | undefined {
  const needed = new Map<string, Area>([[output, area]]);
  for (const node of graph.node.toReversed()) {
    const wanted = needed.get(node.output[0] ?? '');
    if (wanted === undefined || constants.has(node.output[0] ?? '')) continue;
    const source = sourceArea(node, constants, wanted);
    for (const name of node.input) if (!constants.has(name)) needed.set(name, hull(needed.get(name), source));
  }
  return needed.get(input);
}

function sourceArea(node: OnnxNode, constants: Constants, { top, bottom, left, right }: Area): Area {
  switch (node.opType) {
    case 'Conv': {
      const conv = convolution(node, constants.get(node.input[1] ?? ''));
      return {
        top: top * conv.stride - conv.top,
        bottom: bottom * conv.stride - conv.top + conv.reachDown,
        left: left * conv.stride - conv.left,
        right: right * conv.stride - conv.left + conv.reachAcross,
      };
    }
    case 'Pad': {
      const pad = borders(node, constants);
      return { top: top - pad.top, bottom: bottom - pad.top, left: left - pad.left, right: right - pad.left };
    }
    case 'DepthToSpace':
    case 'Resize': {
      const factor = node.opType === 'Resize' ? resizeFactor(node, constants) : blockSize(node);
      const own = (place: number): number => Math.floor(place / factor);
      return { top: own(top), bottom: own(bottom), left: own(left), right: own(right) };
    }
    default:
      return { top, bottom, left, right };
  }
}

function hull(one: Area | undefined, other: Area): Area {
  if (one === undefined) return other;
  return {
    top: Math.min(one.top, other.top),
    bottom: Math.max(one.bottom, other.bottom),
    left: Math.min(one.left, other.left),
    right: Math.max(one.right, other.right),
  };
}
