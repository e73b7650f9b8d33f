/** How onnxruntime is asked to work, for each device. */
import { availableParallelism } from 'node:os';
import type { InferenceSession } from 'onnxruntime-node';
import type { Device } from '../../photo/device.ts';

/** `threads` of the processor; 0 means as many as there are cores. */
export function sessionOptions(device: Device, threads: number): InferenceSession.SessionOptions {
  const common: InferenceSession.SessionOptions = {
    graphOptimizationLevel: 'all',
    // An explicit number: onnxruntime's own choice pins its threads to cores, which was slower on a busy machine.
    intraOpNumThreads: threads === 0 ? availableParallelism() : threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    // The arena grows in doublings up to a gibibyte and never shrinks; without it memory follows the tile.
    enableCpuMemArena: false,
    logSeverityLevel: 3,
  };
  // Spinning threads keep the cores busy between tiles, where packing and encoding need them.
  const session = { intra_op: { allow_spinning: '0' } };
  if (device === 'cpu') return { ...common, executionProviders: ['cpu'], extra: { session } };
  const webgpu: InferenceSession.WebGpuExecutionProviderOption = {
    name: 'webgpu',
    // `basic` is the default, and said here because every other mode answers black where memory ends. All tiles have one size: plain buffers that
    // are kept serve those best.
    validationMode: 'basic',
    storageBufferCacheMode: 'simple',
  };
  return {
    ...common,
    executionProviders: [webgpu],
    // A node that runs on the processor, with copies there and back, is slower than everything there: refuse instead.
    extra: { session: { ...session, disable_cpu_ep_fallback: '1' } },
  };
}
