import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cardText, modelTable, table } from '../../cli/models.ts';
import { modelCardSchema } from '../../core/photo/model-card.ts';
import { modelCard } from '../fixtures/facts.ts';
import { runCli } from './run-cli.ts';

describe('tables', () => {
  it('align columns by what a terminal shows', () => {
    expect(
      table([
        ['a', 'b'],
        ['写真', 'c'],
      ]),
    ).toBe('a     b\n写真  c\n');
  });

  it('cannot be broken by a card', () => {
    const text = modelTable([modelCard({ use: 'For photos.\n\u001b[2Jother-model  ×4' })]);
    expect(text.trimEnd().split('\n')).toHaveLength(2);
    expect(text).not.toContain('\u001b');
  });

  it('show id, scale, task, sizes and use', () => {
    const card = modelCard();
    const text = modelTable([card]);
    for (const word of [
      card.id,
      `×${String(card.scale)}`,
      card.task,
      card.use,
      ...card.variants.map((variant) => variant.precision),
    ])
      expect(text).toContain(word);
  });

  it('show the whole card', () => {
    const card = modelCard();
    const text = cardText(card, '/models/test');
    for (const word of [
      card.licence,
      card.training.summary,
      card.training.data,
      ...card.variants.flatMap((variant) => [variant.file, variant.sha256]),
    ]) {
      expect(text).toContain(word);
    }
  });
});

describe('enlarger models', () => {
  let folder: string;
  let env: Record<string, string>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'enlarger-models-'));
    env = { ENLARGER_MODELS: join(folder, 'models'), ENLARGER_CACHE: join(folder, 'cache') };
    await mkdir(join(folder, 'models', 'good'), { recursive: true });
    await mkdir(join(folder, 'models', 'bad'));
    await writeFile(join(folder, 'models', 'good', 'card.json'), JSON.stringify(modelCard({ id: 'good-card' })));
    await writeFile(join(folder, 'models', 'bad', 'card.json'), '{"schema":1}');
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it.each([[['models']], [['models', 'list']]])('%j lists the good and tells of the bad', async (args) => {
    const { code, stdout, stderr } = await runCli(args, { env });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ID +SCALE/);
    expect(stdout).toContain('good-card');
    expect(stderr).toContain(join('bad', 'card.json'));
  });

  it('list --json prints cards, one a line', async () => {
    const { stdout } = await runCli(['models', 'list', '--json'], { env });
    const cards = stdout
      .trimEnd()
      .split('\n')
      .map((line) => modelCardSchema.parse(JSON.parse(line)));
    expect(cards.map((card) => card.id)).toContain('good-card');
  });

  it('show prints a card, or says which there are with code 1', async () => {
    const shown = await runCli(['models', 'show', 'good-card', '--json'], { env });
    expect([shown.code, modelCardSchema.parse(JSON.parse(shown.stdout)).id]).toEqual([0, 'good-card']);
    const missing = await runCli(['models', 'show', 'no-such'], { env });
    expect([missing.code, missing.stdout]).toEqual([1, '']);
    expect(missing.stderr).toMatch(/no-such.*good-card/s);
  });

  it('verify fails for a card without its file, and for a path without a model', async () => {
    for (const named of ['good-card', join(folder, 'models', 'good'), join(folder, 'models'), join(folder, 'none.onnx')]) {
      const { code, stdout } = await runCli(['models', 'verify', named, '--json'], { env });
      const lines = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { ok: boolean; failure?: { code: string } });
      expect(code).toBe(1);
      expect(lines.map((line) => line.ok)).toEqual([false]);
      expect(['model-invalid', 'model-missing']).toContain(lines[0]?.failure?.code);
    }
  });
});
