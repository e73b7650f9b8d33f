import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { loadCard, loadVerified } from '../../../../core/engine/network/model-file.ts';
import { loadModel } from '../../../../core/engine/network/loaded-model.ts';
import type { ModelCard } from '../../../../core/photo/model-card.ts';
import { modelDirectory } from '../../../fixtures/installed-model.ts';
import { randomStream } from '../../../fixtures/pictures.ts';

const folders: string[] = [];
let directory = '';
let card: ModelCard;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'model-'));
  folders.push(directory);
  for (const file of ['card.json', 'int8.onnx']) await copyFile(path.join(modelDirectory, file), path.join(directory, file));
  card = await loadCard(directory);
});
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

const invalid = { code: 'model-invalid' };
const missing = { code: 'model-missing' };

async function writeCard(change: (json: Record<string, unknown>) => void): Promise<void> {
  const json = JSON.parse(await readFile(path.join(modelDirectory, 'card.json'), 'utf8')) as Record<string, unknown>;
  change(json);
  await writeFile(path.join(directory, 'card.json'), JSON.stringify(json));
}

describe('a model file', () => {
  test('is read when it is what its card says', async () => {
    expect((await loadVerified(directory, card.variants[0]!)).length).toBe(card.variants[0]!.bytes);
  });

  test('with one flipped bit is refused, 100 times out of 100', async () => {
    const file = path.join(directory, 'int8.onnx');
    const bytes = await readFile(file);
    const random = randomStream(1);
    for (let time = 0; time < 100; time += 1) {
      const at = Math.floor(random() * bytes.length);
      bytes[at]! ^= 1 << Math.floor(random() * 8);
      await writeFile(file, bytes);
      await expect(loadVerified(directory, card.variants[0]!)).rejects.toMatchObject(invalid);
      await copyFile(path.join(modelDirectory, 'int8.onnx'), file);
      bytes.set(await readFile(file));
    }
  });

  test('that is cut, grown, a folder or away is refused', async () => {
    const file = path.join(directory, 'int8.onnx');
    const bytes = await readFile(file);
    await writeFile(file, bytes.subarray(1));
    await expect(loadVerified(directory, card.variants[0]!)).rejects.toMatchObject(invalid);
    await writeFile(file, Buffer.concat([bytes, Buffer.from([0])]));
    await expect(loadVerified(directory, card.variants[0]!)).rejects.toMatchObject(invalid);
    await rm(file);
    await expect(loadVerified(directory, card.variants[0]!)).rejects.toMatchObject(missing);
    await expect(
      loadVerified(path.dirname(directory), { ...card.variants[0]!, file: path.basename(directory) }),
    ).rejects.toMatchObject(invalid);
  });
});

describe('a card', () => {
  test.each(['', '{', 'null', '[]', '{"schema":2}'])('that reads %j is refused', async (text) => {
    await writeFile(path.join(directory, 'card.json'), text);
    await expect(loadCard(directory)).rejects.toMatchObject(invalid);
  });

  test('with a file in another folder is refused', async () => {
    await writeCard((json) => Object.assign((json['variants'] as object[])[0]!, { file: '../int8.onnx' }));
    await expect(loadCard(directory)).rejects.toMatchObject(invalid);
  });

  test('that is missing is said to be missing', async () => {
    await rm(path.join(directory, 'card.json'));
    await expect(loadCard(directory)).rejects.toMatchObject(missing);
    await expect(loadCard(path.join(directory, 'nowhere'))).rejects.toMatchObject(missing);
  });
});

describe('a model', () => {
  test('is loaded ready to run', async () => {
    const model = await loadModel({ directory, file: 'int8.onnx' });
    expect(model.network).toMatchObject({ scale: 2, inputPlanes: 4 });
    expect(await model.network.run(new Float32Array(4 * 5 * 7), 7, 5)).toHaveLength(3 * 10 * 14);
    await model.network.release();
  });

  test('whose card does not name the file is missing it', async () => {
    await expect(loadModel({ directory, file: 'fp16.onnx' })).rejects.toMatchObject(missing);
  });

  const lies: Record<string, (json: Record<string, unknown>) => void> = {
    'a smaller radius': (json) => (json['receptiveFieldRadius'] = card.receptiveFieldRadius - 1),
    'another scale': (json) => (json['scale'] = 4),
    'another input name': (json) => Object.assign(json['input'] as object, { name: 'picture' }),
    'another output name': (json) => Object.assign(json['output'] as object, { name: 'picture' }),
    'no strength plane': (json) => Object.assign(json['input'] as object, { extraPlanes: [] }),
  };
  test.each(Object.keys(lies))('whose card claims %s is refused', async (name) => {
    await writeCard(lies[name]!);
    await expect(loadModel({ directory, file: 'int8.onnx' })).rejects.toMatchObject(invalid);
  });
});
