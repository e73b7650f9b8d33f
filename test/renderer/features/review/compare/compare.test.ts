import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import Compare from '../../../../../renderer/features/review/compare/Compare.svelte';
import { CompareState, compareModes } from '../../../../../renderer/features/review/compare/compare-state.svelte.ts';
import { MediaReader } from '../../../../../renderer/features/review/viewer/media-reader.ts';
import { Pictures } from '../../../../../renderer/features/review/viewer/pictures.svelte.ts';
import { setLanguage } from '../../../../../renderer/messages/index.svelte.ts';
import { openFakeMedia } from '../fake-media.ts';
import { canvases, drawn, placeAt, sized, until } from '../stage-page.ts';

const size = { width: 2402, height: 1802 };
const blueA = 40;
const blueB = 200;

let media: ReturnType<typeof openFakeMedia>;
beforeEach(async () => {
  await setLanguage('en');
  media = openFakeMedia({ 'original/1': { width: 1201, height: 901, blue: blueA }, 'result/1': { ...size, blue: blueB } });
});
afterEach(() => media.close());

async function open() {
  const target = sized(900, 500);
  const compare = new CompareState();
  const pictures = new Pictures(new MediaReader((path) => media.mediaUrl(path)));
  let complete = false;
  const page = await render(Compare, {
    target,
    props: {
      ...{ compare, pictures, size, name: 'a.jpg', labelA: 'Original', labelB: 'Photo', standIn: null },
      a: { kind: 'original', id: 1 },
      b: { kind: 'result', id: 1 },
      oncomplete: (now: boolean) => (complete = now),
    },
  });
  const whole = (): Promise<void> => until(() => complete);
  await whole();
  return { ...page, target, compare, pictures, whole };
}

describe('every mode', () => {
  test.each(compareModes)(
    'shows the same place at the same distance from the middle, also after zoom, pan and resize: %s',
    async (mode) => {
      const { target, compare, whole } = await open();
      compare.choose(mode);
      await drawn();
      await whole();
      const look = [
        () => undefined,
        () => compare.camera.zoom(1, { x: 0.3, y: 0.6 }),
        () => compare.camera.pan(0.2, 0.1),
        () => (target.style.width = '700px'),
      ];
      for (const change of look) {
        change();
        await drawn();
        await settle(compare);
        await whole();
        if (mode === 'difference') continue;
        for (const canvas of canvases(target)) {
          const isLoupe = canvas.closest('.loupe') !== null;
          const { width, height } = canvas.getBoundingClientRect();
          for (const [x, y] of [
            [0.3, 0.4],
            [0.7, 0.6],
          ] as const) {
            const seen = placeAt(canvas, x * width, y * height);
            if (seen === null) continue;
            const offset = { x: (x - 0.5) * width, y: (y - 0.5) * height };
            const { centre, scale } = isLoupe ? { centre: compare.loupeSpot, scale: compare.loupeScale } : compare.camera;
            expect(Math.abs(seen.across - (centre.x + offset.x / (scale * size.width)))).toBeLessThan(2 / 255);
            expect(Math.abs(seen.down - (centre.y + offset.y / (scale * size.height)))).toBeLessThan(2 / 255);
          }
        }
      }
    },
  );

  test.each(compareModes)('says what is seen: %s', async (mode) => {
    const { compare, getByRole } = await open();
    compare.choose(mode);
    await drawn();
    const labels = {
      split: 'Original and Photo of a.jpg, divided by a line',
      side: 'Original and Photo of a.jpg, side by side',
      one: 'Photo of a.jpg',
      difference: 'Where Original and Photo of a.jpg differ',
      loupe: 'Photo of a.jpg, with a loupe that shows both',
    };
    await expect.element(getByRole('group', { name: labels[mode], exact: true })).toBeInTheDocument();
  });
});

test('side by side, whichever is dragged leads the other', async () => {
  const { target, compare, whole } = await open();
  compare.choose('side');
  await drawn();
  await whole();
  compare.camera.zoom(1);
  await settle(compare);
  const [left, right] = [...target.querySelectorAll('.pane')] as [HTMLElement, HTMLElement];
  for (const pane of [right, left]) {
    const before = compare.camera.centre;
    await userEvent.dragAndDrop(pane, pane, {
      sourcePosition: { x: 200, y: 200 },
      targetPosition: { x: 120, y: 160 },
      force: true,
    });
    await settle(compare);
    expect(compare.camera.centre.x).toBeGreaterThan(before.x + 0.01);
    const seen = canvases(target).map((canvas) => placeAt(canvas, 224, 250));
    expect(seen.map((place) => place?.blue)).toEqual([blueA, blueB]);
    expect(Math.abs(seen[0]!.across - seen[1]!.across)).toBeLessThan(2 / 255);
    expect(Math.abs(seen[0]!.down - seen[1]!.down)).toBeLessThan(2 / 255);
  }
});

test('going from mode to mode keeps what is looked at, and leaves no viewer behind', async () => {
  const { target, compare, whole } = await open();
  compare.camera.zoom(2, { x: 0.31, y: 0.44 });
  await settle(compare);
  const { centre } = compare.camera;
  for (const mode of [...compareModes, ...compareModes]) {
    compare.choose(mode);
    await drawn();
    await whole();
    expect(compare.camera.centre.x).toBeCloseTo(centre.x, 6);
    expect(compare.camera.scale).toBeCloseTo(2, 6);
    expect(canvases(target)).toHaveLength(mode === 'side' || mode === 'loupe' ? 2 : 1);
  }
});

describe('a double click', () => {
  test('shows the place under it at 100 %, and then all of it again', async () => {
    const { target, compare } = await open();
    const under = (): { x: number; y: number } => compare.camera.spotUnder({ x: 300 - 450, y: 150 - 250 });
    const wanted = under();
    await userEvent.dblClick(target.querySelector('.pane')!, { position: { x: 300, y: 150 }, force: true });
    await until(() => compare.camera.scale > 0.999);
    expect(compare.camera.fitted).toBe(false);
    await settle(compare);
    expect(under().x).toBeCloseTo(wanted.x, 3);
    expect(under().y).toBeCloseTo(wanted.y, 3);
    await userEvent.dblClick(target.querySelector('.pane')!, { position: { x: 300, y: 150 }, force: true });
    await until(() => compare.camera.fitted && compare.camera.scale < 0.3);
  });
});

describe('the loupe', () => {
  test('follows the pointer', async () => {
    const { target, compare } = await open();
    compare.choose('loupe');
    await drawn();
    await userEvent.hover(target.querySelector('.pane')!, { position: { x: 300, y: 200 }, force: true });
    const spot = compare.camera.spotUnder({ x: 300 - 450, y: 200 - 250 });
    expect(compare.loupeSpot.x).toBeCloseTo(spot.x, 2);
    expect(compare.loupeSpot.y).toBeCloseTo(spot.y, 2);
  });

  test('is moved by arrow keys where it has the focus, and tells where it is', async () => {
    const { target, compare } = await open();
    compare.choose('loupe');
    await drawn();
    const loupe = target.querySelector<HTMLElement>('.loupe')!;
    loupe.focus();
    expect(loupe.getAttribute('aria-label')).toContain('50% from the left');
    await userEvent.keyboard('{ArrowRight}{ArrowRight}{ArrowDown}');
    const { x, y } = compare.loupeSpot;
    expect(x - 0.5).toBeCloseTo((32 * devicePixelRatio) / (compare.camera.scale * size.width), 4);
    expect(y - 0.5).toBeCloseTo((16 * devicePixelRatio) / (compare.camera.scale * size.height), 4);
  });

  test('shows the original on its left and the result on its right', async () => {
    const { target, compare, whole } = await open();
    compare.choose('loupe');
    await drawn();
    await whole();
    const canvas = canvases(target.querySelector('.loupe')!)[0]!;
    const { width, height } = canvas.getBoundingClientRect();
    await until(() => placeAt(canvas, width * 0.25, height / 2)?.blue === blueA);
    expect(placeAt(canvas, width * 0.75, height / 2)?.blue).toBe(blueB);
  });
});

test('the button that shows the other picture does so as long as it is held, by pointer and by key', async () => {
  const { target, compare, getByRole } = await open();
  const button = getByRole('button', { name: 'Hold to see the other one' }).element() as HTMLElement;
  button.focus();
  await userEvent.keyboard('[Space>]');
  expect(compare.held).toBe(true);
  await drawn();
  expect(placeAt(canvases(target)[0]!, 700, 250)?.blue).toBe(blueA);
  await userEvent.keyboard('[/Space]');
  expect(compare.held).toBe(false);
  await drawn();
  expect(placeAt(canvases(target)[0]!, 700, 250)?.blue).toBe(blueB);
});

test('without pixels of one picture the other is seen alone', async () => {
  const { target, rerender, whole } = await open();
  await rerender({ b: null });
  await drawn();
  await whole();
  expect(placeAt(canvases(target)[0]!, 700, 250)?.blue).toBe(blueA);
  expect(target.querySelector('.divider')).toBeNull();
});

/** Until nothing glides any more. */
async function settle({ camera }: CompareState): Promise<void> {
  let before = '';
  await until(async () => {
    const now = `${camera.scale} ${camera.centre.x} ${camera.centre.y}`;
    const same = now === before;
    before = now;
    await drawn();
    return same;
  });
}
