/** Where no thread can be started, networks compute in the one that there is. */
import { EventEmitter } from 'node:events';
import { afterEach, describe, expect, test, vi } from 'vitest';

const thread = vi.hoisted((): { fails: 'later' | 'at once' } => ({ fails: 'later' }));
vi.mock('node:worker_threads', () => ({
  Worker: class extends EventEmitter {
    constructor() {
      super();
      if (thread.fails === 'at once') throw new Error('no threads here');
      setImmediate(() => this.emit('error', new Error('the file is missing')));
    }
    ref = (): undefined => undefined;
    unref = (): undefined => undefined;
    postMessage = (): undefined => undefined;
  },
}));

const { loadCard } = await import('../../../../core/engine/network/model-file.ts');
const { openNetwork } = await import('../../../../core/engine/network/session.ts');
const { modelBytes, modelDirectory } = await import('../../../fixtures/installed-model.ts');
const card = await loadCard(modelDirectory);

describe('without a thread', () => {
  afterEach(() => {
    thread.fails = 'later';
  });

  test.each(['later', 'at once'] as const)('(it fails %s) a network computes here, one run at a time', async (fails) => {
    thread.fails = fails;
    const network = await openNetwork({ bytes: modelBytes('int8.onnx'), card, threads: 1, elsewhere: true });
    expect(network.atOnce).toBe(1);
    expect(await network.run(new Float32Array(network.inputPlanes * 64).fill(0.5), 8, 8)).toHaveLength(3 * 256);
    await network.release();
  });
});
