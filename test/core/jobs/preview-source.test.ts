import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../../core/jobs/engine-client.ts';
import { onProcessor } from '../../../core/jobs/job-model.ts';
import { previewSource } from '../../../core/jobs/preview-source.ts';
import type { PreviewParams } from '../../../core/photo/engine-protocol.ts';
import { EnlargerError } from '../../../core/photo/failure.ts';
import type { Recipe } from '../../../core/photo/recipe.ts';
import type { PhotoRecord } from '../../../core/photo/stores.ts';
import { photoFacts, recipe } from '../../fixtures/facts.ts';
import { fakeModel } from '../../fixtures/fake-model.ts';

let root: string;
let asked: PreviewParams[];
let deaths: number;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'enlarger-preview-'));
  [asked, deaths] = [[], 0];
});
afterEach(() => rm(root, { recursive: true, force: true }));

const region = { x: 0, y: 0, width: 20, height: 10 };
const never = new AbortController().signal;

function source() {
  const facts = photoFacts({ width: 100, height: 80 });
  const photo = { id: 1, path: join(root, 'photo.jpg'), facts } as unknown as PhotoRecord;
  const call = async (_method: string, params: PreviewParams): Promise<unknown> => {
    asked.push(params);
    if ((deaths -= 1) >= 0) throw new EnlargerError('device-failed', 'It died.', { retry: true });
    await writeFile(params.output, 'picture');
    return { ...region, tiles: 1, reusedTiles: 0 };
  };
  return previewSource({
    photos: { get: (id) => (id === 1 ? photo : null) },
    models: [fakeModel(join(root, 'model'))],
    devicesFor: onProcessor,
    cache: { previews: { pathFor: (key: string) => Promise.resolve(join(root, `${key}.tiles`)) } } as never,
    engine: { call } as unknown as Pick<Engine, 'call'>,
    scratchDirectory: join(root, 'scratch'),
  });
}

async function read(wanted: Recipe): Promise<string> {
  const preview = await source()(1, wanted, region);
  const body = await preview?.read(never);
  return new TextDecoder().decode(body?.bytes);
}

describe('a preview', () => {
  it('is of what the network makes, by as many runs as the recipe takes', async () => {
    expect(await read(recipe({ target: { kind: 'scale', scale: 4 } }))).toBe('picture');
    expect(asked[0]).toMatchObject({ region, passes: 2, model: { directory: join(root, 'model') } });
  });

  it('is of the photo itself where no network runs', async () => {
    expect(await read(recipe({ target: { kind: 'long-side', pixels: 10 } }))).toBe('picture');
    expect(asked[0]).toMatchObject({ region, passes: 0, model: null });
  });

  it('is tried once more when the engine dies, and no more', async () => {
    deaths = 1;
    expect(await read(recipe())).toBe('picture');
    deaths = 2;
    await expect(read(recipe())).rejects.toMatchObject({ code: 'device-failed' });
    expect(asked).toHaveLength(4);
  });

  it('is none of a photo that there is not, and too large beyond what any screen shows', async () => {
    expect(await source()(2, recipe(), region)).toBeNull();
    const huge = source()(1, recipe(), { ...region, width: 10_000, height: 10_000 });
    await expect(huge).rejects.toMatchObject({ code: 'too-large' });
  });
});
