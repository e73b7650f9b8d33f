import { delimiter } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EnlargerError, type FailureCode } from '../../../core/photo/failure.ts';
import { findModel, modelFolders, readModels } from '../../../core/jobs/model-store.ts';
import type { Engine } from '../../../core/jobs/engine-client.ts';
import { localEngine } from '../../fixtures/engines.ts';
import { modelCard } from '../../fixtures/facts.ts';
import { workspace, type Workspace } from '../../fixtures/run.ts';

let space: Workspace;
let engine: Engine;
beforeEach(() => {
  space = workspace();
  engine = localEngine();
});
afterEach(async () => {
  await engine.close();
  space.remove();
});

function install(folder: string, card: object = modelCard()): void {
  space.put(`${folder}/card.json`, JSON.stringify(card));
  space.put(`${folder}/int8.onnx`, 'good');
}

async function thrown(call: Promise<unknown>): Promise<{ code: FailureCode; message: string }> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof EnlargerError)) throw new Error(`expected an EnlargerError, got ${String(error)}`);
  return { code: error.code, message: error.message };
}

describe('the installed models', () => {
  it('are the folders with a card, of every model folder, the built-in ones before added ones', async () => {
    install('models/b', modelCard({ id: 'b' }));
    install('models/a', modelCard({ id: 'a' }));
    space.put('models/train/recipe.py', 'no model');
    space.put('models/README.md', 'no model');
    install('more/c', modelCard({ id: '0-added' }));
    const { models, problems } = await readModels([space.path('models'), space.path('more'), space.path('missing')]);
    expect(models.map((model) => [model.card.id, model.directory])).toEqual([
      ['a', space.path('models/a')],
      ['b', space.path('models/b')],
      ['0-added', space.path('more/c')],
    ]);
    expect(problems).toEqual([]);
  });

  it.each([
    ['no JSON', '{"schema":', /not valid JSON/],
    ['a wrong field', JSON.stringify({ ...modelCard(), scale: 3 }), /scale/],
    ['a missing field', JSON.stringify({ ...modelCard(), licence: undefined }), /licence/],
    ['an unknown field', JSON.stringify({ ...modelCard(), extra: 1 }), /extra/],
    [
      'a file in another folder',
      JSON.stringify({ ...modelCard(), variants: [{ ...modelCard().variants[0], file: '../x.onnx' }] }),
      /variants\.0\.file/,
    ],
  ])('with %s in one card are told, and hide no good one', async (_name, text, expected) => {
    install('models/good', modelCard({ id: 'good' }));
    space.put('models/bad/card.json', text);
    const { models, problems } = await readModels([space.path('models')]);
    expect(models.map((model) => model.card.id)).toEqual(['good']);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ path: space.path('models/bad/card.json'), failure: { code: 'model-invalid' } });
    expect(problems[0]?.failure.message).toMatch(expected);
    expect(problems[0]?.failure.message).toContain(space.path('models/bad/card.json'));
  });

  it('that share an id are one: the first', async () => {
    install('models/a', modelCard({ id: 'same', name: 'first' }));
    install('more/a', modelCard({ id: 'same', name: 'second' }));
    const { models, problems } = await readModels([space.path('models'), space.path('more')]);
    expect(models.map((model) => model.card.name)).toEqual(['first']);
    expect(problems[0]?.failure.message).toContain('"same"');
  });

  it('lie beside the program and where ENLARGER_MODELS says', () => {
    expect(modelFolders('/app/models', {})).toEqual(['/app/models']);
    expect(modelFolders('/app/models', { ENLARGER_MODELS: ['/x', '', '/y'].join(delimiter) })).toEqual([
      '/app/models',
      '/x',
      '/y',
    ]);
  });
});

describe('a named model', () => {
  it('is found by id, by folder and by file', async () => {
    install(
      'models/a',
      modelCard({ id: 'a', variants: [...modelCard().variants, { ...variant(), file: 'fp32.onnx', precision: 'fp32' }] }),
    );
    space.put('models/a/fp32.onnx', 'good');
    const store = await readModels([space.path('models')]);
    expect((await findModel('a', store, engine)).directory).toBe(space.path('models/a'));
    expect((await findModel(space.path('models/a'), store, engine)).card.variants).toHaveLength(2);
    expect((await findModel(space.path('models/a/fp32.onnx'), store, engine)).card.variants.map((found) => found.file)).toEqual([
      'fp32.onnx',
    ]);
  });

  it.each([
    ['an unknown id', 'nothing', 'model-missing', /Installed: a/],
    ['a folder without a card', 'empty', 'model-missing', /models\/README\.md/],
    ['a bare file', 'bare/x.onnx', 'model-invalid', /models\/README\.md/],
    ['a bare hostile file', 'bare/hostile.onnx', 'model-invalid', /hostile\.$/],
    ['a file that the card beside it does not list', 'models/a/other.onnx', 'model-invalid', /does not list/],
    ['a listed file that is hostile', 'models/b/int8.onnx', 'model-invalid', /hostile/],
  ])('that is %s is refused with its reason', async (_name, path, code, message) => {
    install('models/a', modelCard({ id: 'a' }));
    install('models/b', modelCard({ id: 'b' }));
    space.put('models/b/int8.onnx', 'hostile');
    space.put('models/a/other.onnx', 'good');
    space.put('empty/x.txt', '');
    space.put('bare/x.onnx', 'good');
    space.put('bare/hostile.onnx', 'hostile');
    const store = await readModels([space.path('models')]);
    const found = await thrown(findModel(path === 'nothing' ? path : space.path(path), store, engine));
    expect(found.code).toBe(code);
    expect(found.message).toMatch(message);
  });

  it('whose installed card is bad gets the reason of the card', async () => {
    space.put('models/bad/card.json', '{}');
    const store = await readModels([space.path('models')]);
    expect(await thrown(findModel('bad', store, engine))).toMatchObject({ code: 'model-invalid' });
  });
});

function variant() {
  const [first] = modelCard().variants;
  if (first === undefined) throw new Error('no variant');
  return first;
}
