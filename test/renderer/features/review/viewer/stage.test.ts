import type { ComponentProps } from 'svelte';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import { Camera } from '../../../../../renderer/features/review/viewer/camera.svelte.ts';
import type { Look } from '../../../../../renderer/features/review/viewer/look.ts';
import { MediaReader } from '../../../../../renderer/features/review/viewer/media-reader.ts';
import type { Picture } from '../../../../../renderer/features/review/viewer/picture.ts';
import Stage from '../../../../../renderer/features/review/viewer/Stage.svelte';
import { openFakeMedia } from '../fake-media.ts';
import { canvases, drawn, placeAt, sized, until } from '../stage-page.ts';

const blueA = 40;
const blueB = 200;
const blueStandIn = 90;
const signal = new AbortController().signal;

let media: ReturnType<typeof openFakeMedia>;
beforeEach(() => {
  media = openFakeMedia({
    'original/1': { width: 1201, height: 901, blue: blueA },
    'result/1': { width: 2402, height: 1802, blue: blueB },
    'original/2': { width: 700, height: 2000, blue: blueA },
    'result/2': { width: 2800, height: 8000, blue: blueB },
    'thumbnail/1': { width: 1201, height: 901, blue: blueStandIn },
  });
});
afterEach(() => media.close());

async function open(props: Partial<ComponentProps<typeof Stage>> = {}, target = sized(800, 500), reads = true) {
  const reader = new MediaReader((path) => media.mediaUrl(path));
  const camera = new Camera();
  const state = { complete: false, failed: [] as string[] };
  const picture = (kind: 'original' | 'result', id: number): Promise<Picture> => reader.info({ kind, id }, signal);
  const [a, b] = reads ? await Promise.all([picture('original', 1), picture('result', 1)]) : [null, null];
  const page = await render(Stage, {
    target,
    props: {
      ...{ camera, size: b ?? { width: 1, height: 1 }, a, b, look: { kind: 'one', side: 'b' } as Look, media: reader },
      oncomplete: (now: boolean) => (state.complete = now),
      onfailure: ({ kind, id }, { code }) => state.failed.push(`${kind}/${id}: ${code}`),
      ...props,
    },
  });
  const whole = () => until(() => state.complete);
  return { ...page, target, camera, state, picture, whole, canvas: () => canvases(target)[0]! };
}

describe('both pictures', () => {
  const views: [string, (camera: Camera) => void][] = [
    ['as a whole', () => undefined],
    ['at 100 %', (camera) => camera.zoom(1)],
    ['at 400 %, in a corner', (camera) => camera.zoom(4, { x: 0.9, y: 0.95 })],
    [
      'at 150 %, moved',
      (camera) => {
        camera.zoom(1.5);
        camera.pan(0.3, -0.2);
      },
    ],
    ['at 1600 %', (camera) => camera.zoom(16)],
  ];

  test.each(views)('show the same place under the pointer: %s', async (_, look) => {
    const stage = await open();
    await stage.whole();
    look(stage.camera);
    await settled(stage.camera);
    await stage.whole();
    for (const [x, y] of [
      [400, 250],
      [120, 400],
      [700, 90],
    ] as const) {
      await stage.rerender({ look: { kind: 'one', side: 'a' } });
      await drawn();
      const a = placeAt(stage.canvas(), x, y);
      await stage.rerender({ look: { kind: 'one', side: 'b' } });
      await drawn();
      const b = placeAt(stage.canvas(), x, y);
      if (a === null || b === null) {
        expect(a).toBe(b);
        continue;
      }
      expect([a.blue, b.blue]).toEqual([blueA, blueB]);
      const spot = stage.camera.spotUnder({ x: x - 400, y: y - 250 });
      for (const seen of [a, b]) {
        // Colours tell it to a part in 255, and a pixel of the original is so large.
        expect(Math.abs(seen.across - spot.x)).toBeLessThan(1 / 255 + 1 / 1201);
        expect(Math.abs(seen.down - spot.y)).toBeLessThan(1 / 255 + 1 / 901);
      }
    }
  });

  test('go on doing so when the window changes its size', async () => {
    const stage = await open({ look: { kind: 'split', at: 0.5, direction: 'across' } });
    await stage.whole();
    stage.camera.zoom(1, { x: 0.3, y: 0.3 });
    await settled(stage.camera);
    const { centre, scale } = stage.camera;
    stage.target.style.width = '500px';
    stage.target.style.height = '700px';
    await until(() => stage.canvas().width === 500 * devicePixelRatio);
    await drawn();
    expect(stage.camera.scale).toBeCloseTo(scale, 6);
    expect(stage.camera.centre.x).toBeCloseTo(centre.x, 6);
    const left = placeAt(stage.canvas(), 245, 350);
    const right = placeAt(stage.canvas(), 255, 350);
    expect([left?.blue, right?.blue]).toEqual([blueA, blueB]);
    expect(Math.abs(right!.across - left!.across)).toBeLessThan(3 / 255);
  });

  test('stay whole in a window of another size when they were whole', async () => {
    const stage = await open();
    await stage.whole();
    stage.target.style.width = '300px';
    await until(() => stage.camera.scale < 0.13);
    expect(stage.camera.scale).toBeCloseTo((300 * devicePixelRatio) / 2402, 6);
    expect(stage.camera.fitted).toBe(true);
  });
});

describe('the next photo', () => {
  test('is seen at the same part and percentage, whatever its size', async () => {
    const stage = await open();
    await stage.whole();
    stage.camera.zoom(1, { x: 0.25, y: 0.5 });
    await settled(stage.camera);
    const { centre } = stage.camera;
    const [a, b] = await Promise.all([stage.picture('original', 2), stage.picture('result', 2)]);
    await stage.rerender({ size: b, a, b });
    await until(() => stage.state.complete);
    expect(stage.camera.scale).toBeCloseTo(1, 6);
    expect(stage.camera.centre.x).toBeCloseTo(centre.x, 3);
    const seen = placeAt(stage.canvas(), 400, 250);
    expect(Math.abs(seen!.across - centre.x)).toBeLessThan(2 / 255);
    expect(Math.abs(seen!.down - centre.y)).toBeLessThan(2 / 255);
  });

  test('is seen as a whole when this one was', async () => {
    const stage = await open();
    await stage.whole();
    const [a, b] = await Promise.all([stage.picture('original', 2), stage.picture('result', 2)]);
    await stage.rerender({ size: b, a, b });
    await drawn();
    expect(stage.camera.scale).toBeCloseTo((500 * devicePixelRatio) / 8000, 6);
  });
});

test('what is asked for before any picture is there holds when one is', async () => {
  const stage = await open({ a: null, b: null, size: { width: 2402, height: 1802 } });
  stage.camera.zoom(2, { x: 0.5, y: 0.75 });
  const { centre } = stage.camera;
  await stage.rerender({ b: await stage.picture('result', 1) });
  await stage.whole();
  expect(stage.camera.scale).toBeCloseTo(2, 6);
  expect(stage.camera.centre.x).toBeCloseTo(0.5, 6);
  expect(stage.camera.centre.y).toBeCloseTo(centre.y, 6);
  expect(centre.y).toBeGreaterThan(0.6);
});

test('no frame of a blink is empty, or anything but one of the two pictures', async () => {
  const stage = await open();
  await stage.whole();
  const blues = new Set<number | undefined>();
  let watching = true;
  const watch = (): void => {
    if (!watching) return;
    for (const [x, y] of [
      [400, 250],
      [200, 100],
      [600, 420],
    ] as const)
      blues.add(placeAt(stage.canvas(), x, y)?.blue);
    requestAnimationFrame(watch);
  };
  requestAnimationFrame(watch);
  for (let count = 0; count < 12; count++) {
    await stage.rerender({ look: { kind: 'one', side: count % 2 === 0 ? 'a' : 'b' } });
    await drawn();
  }
  watching = false;
  expect(blues).toEqual(new Set([blueA, blueB]));
});

describe('until a picture is there', () => {
  test('a small one stands in at its place', async () => {
    const release = media.hold('/0_');
    const stage = await open({ a: null, b: null, standIn: 'thumbnail/1' });
    await until(() => placeAt(stage.canvas(), 400, 250)?.blue === blueStandIn);
    const corner = placeAt(stage.canvas(), 70, 5);
    expect(corner?.across).toBeLessThan(0.05);
    expect(placeAt(stage.canvas(), 60, 5)).toBeNull();
    const b = await stage.picture('result', 1);
    release();
    await stage.rerender({ b });
    await until(() => placeAt(stage.canvas(), 400, 250)?.blue === blueB);
  });

  test('the other one is seen', async () => {
    const picture = {
      name: { kind: 'result', id: 1 },
      key: 'result-1',
      width: 2402,
      height: 1802,
      tileSide: 512,
      levels: 13,
    } as const;
    media.refuse('result/1/', 'damaged');
    const reader = new MediaReader((path) => media.mediaUrl(path));
    const a = await reader.info({ kind: 'original', id: 1 }, signal);
    const stage = await open({ a, b: picture, size: picture }, sized(800, 500), false);
    await until(() => placeAt(stage.canvas(), 400, 250)?.blue === blueA);
  });
});

test('a picture that cannot be read is told of, with the reason', async () => {
  media.refuse('result/1/0/', 'damaged');
  media.refuse('result/1/1/', 'damaged');
  const stage = await open();
  await until(() => stage.state.failed.length > 0);
  expect(new Set(stage.state.failed)).toEqual(new Set(['result/1: damaged']));
});

test('a picture of 784 megapixels costs as many tiles as the screen needs', async () => {
  media.pictures.set('result/9', { width: 28_000, height: 28_000, blue: blueB });
  const stage = await open({ a: null });
  const b = await stage.picture('result', 9);
  media.asked.length = 0;
  await stage.rerender({ size: b, b });
  await until(() => stage.state.complete);
  expect(media.asked.length).toBeLessThanOrEqual(12);
  stage.camera.zoom(1);
  await settled(stage.camera);
  await stage.whole();
  expect(media.asked.length).toBeLessThanOrEqual(50);
});

test('two hundred photos leave no viewer, canvas or request behind', async () => {
  const stage = await open();
  const [a, b, a2, b2] = await Promise.all([
    ...[stage.picture('original', 1), stage.picture('result', 1), stage.picture('original', 2), stage.picture('result', 2)],
  ]);
  for (let count = 0; count < 200; count++) {
    await stage.rerender(count % 2 === 0 ? { size: b2!, a: a2!, b: b2! } : { size: b!, a: a!, b: b! });
    if (count % 10 === 0) await drawn();
  }
  await stage.whole();
  expect(canvases(document)).toHaveLength(1);
  await stage.unmount();
  expect(canvases(document)).toHaveLength(0);
  media.asked.length = 0;
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(media.asked).toEqual([]);
});

async function settled(camera: Camera): Promise<void> {
  let before = '';
  await until(async () => {
    const now = `${camera.scale} ${camera.centre.x} ${camera.centre.y}`;
    const same = now === before;
    before = now;
    await drawn();
    return same;
  });
}
