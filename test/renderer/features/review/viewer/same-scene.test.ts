import { expect, test } from 'vitest';
import type { Scene } from '../../../../../renderer/features/review/viewer/painter.ts';
import { isSameScene } from '../../../../../renderer/features/review/viewer/same-scene.ts';

const bitmap = document.createElement('canvas');
const box = { x: 0, y: 0, width: 8, height: 8 };
const picture = { width: 10, height: 10, tiles: [{ level: 0, box, bitmap }] };
const scene: Scene = {
  ...{ a: picture, b: null, standIn: null, look: { kind: 'one', side: 'a' }, smooth: true },
  stage: { x: 1, y: 2, width: 3, height: 4 },
};

const changes: Record<string, Partial<Scene>> = {
  'another look': { look: { kind: 'one', side: 'b' } },
  'squares for pixels': { smooth: false },
  'what stands in': { standIn: bitmap },
  'a move': { stage: { ...scene.stage, x: 1.5 } },
  'a zoom': { stage: { ...scene.stage, height: 5 } },
  'a picture that comes': { b: picture },
  'a picture that goes': { a: null },
  'a tile that comes': { a: { ...picture, tiles: [...picture.tiles, { level: 0, box: { ...box, x: 8 }, bitmap }] } },
  'a tile that changes': { a: { ...picture, tiles: [{ level: 0, box, bitmap: document.createElement('canvas') }] } },
};

test.each(Object.entries(changes))('%s makes another scene', (_, change) => {
  expect(isSameScene(scene, { ...scene, ...change })).toBe(false);
});

test('what is only described anew is the same', () => {
  expect(isSameScene(scene, { ...scene, stage: { ...scene.stage }, a: { ...picture, tiles: [...picture.tiles] } })).toBe(true);
});
