import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { drawSample } from '../../../../core/engine/sample/draw-sample.ts';
import { writeSample } from '../../../../core/engine/sample/write-sample.ts';
import { sharp } from '../../../../core/engine/sharp.ts';

const folder = mkdtempSync(join(tmpdir(), 'enlarger-sample-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('the file is a PNG that holds the drawn bytes exactly', async () => {
  const path = join(folder, 'sample.png');
  await writeSample(path, 96, 72);
  expect((await sharp(path).metadata()).format).toBe('png');
  const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height, info.channels]).toEqual([96, 72, 3]);
  expect(Buffer.compare(data, drawSample(96, 72))).toBe(0);
});
