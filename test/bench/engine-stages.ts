/** One photo through the engine process without the command around it, for the times that only the engine tells. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createEngine } from '../../core/jobs/engine-client.ts';
import { nodeEngine } from '../../core/jobs/spawn-engine.ts';
import type { EncodeResult, RenderResult } from '../../core/photo/engine-protocol.ts';
import { loadCard } from '../../core/engine/network/model-file.ts';
import { modelDirectory, type BenchPlace } from './bench-place.ts';

export interface EngineStages {
  readonly ms: RenderResult['ms'] & EncodeResult['ms'];
}

const entry = new URL('../../core/engine/main.ts', import.meta.url);

/** Enlarges `photo` once by the model's scale, to JPEG. */
export async function engineStages(place: BenchPlace, photo: string): Promise<EngineStages> {
  const cwd = join(place.directory, 'empty');
  const scratchDirectory = join(place.directory, 'scratch');
  for (const folder of [cwd, scratchDirectory]) await mkdir(folder, { recursive: true });
  const card = await loadCard(modelDirectory);
  const path = join(place.directory, 'stages.jpg');
  await writeFile(path, '');
  const resultDirectory = join(place.directory, 'stages');
  await mkdir(resultDirectory);
  const engine = createEngine(nodeEngine({ entry, cwd }));
  try {
    const facts = await engine.call('inspect', { path: photo });
    const rendered = await engine.call('render', {
      path: photo,
      facts,
      model: { directory: modelDirectory, file: 'int8.onnx' },
      passes: 1,
      tileSide: card.tile.default,
      strength: 0,
      resize: null,
      scratchDirectory,
      resultDirectory,
      tileLog: null,
    });
    const encoded = await engine.call('encode', {
      resultDirectory,
      output: { path, format: 'jpeg', quality: 95 },
      size: null,
      densityDpi: null,
      strip: 'none',
      provenance: {
        software: 'Enlarger bench',
        softwareVersion: '0',
        modelId: card.id,
        modelVersion: card.version,
        scale: card.scale,
        sourceSha256: facts.sha256,
        recipeDigest: '',
      },
      scratchDirectory,
    });
    return { ms: { ...rendered.ms, ...encoded.ms, total: rendered.ms.total + encoded.ms.total } };
  } finally {
    await engine.close();
    await rm(resultDirectory, { recursive: true });
  }
}
