import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { Overrides } from '../../../../../core/api/test-double.ts';
import EnhanceView from '../../../../../renderer/features/enhance/EnhanceView.svelte';
import { setLanguage } from '../../../../../renderer/messages/index.svelte.ts';
import WithApp from '../../../WithApp.svelte';
import { openTestApp } from '../../../test-app.ts';
import { openFakeMedia } from '../../review/fake-media.ts';
import { canvases, drawn, placeAt } from '../../review/stage-page.ts';
import { shipped } from '../models.ts';
import { planned, plannedPhoto } from '../plans.ts';

const facts = {
  ...{ format: 'jpeg' as const, width: 4032, height: 3024, orientation: 1, colour: 'rgb' as const, hasAlpha: false, bitDepth: 8 },
  ...{ progressive: false, profileName: null, pages: 1, fileBytes: 1, sha256: '0'.repeat(64), decodeMemoryBytes: 1 },
};
const page = {
  ...{
    id: 3,
    name: 'harbour.jpg',
    path: '/photos/harbour.jpg',
    width: 4032,
    height: 3024,
    fileBytes: 1,
    takenAt: null,
    rating: 0,
  },
  ...{
    favourite: false,
    state: 'none' as const,
    thumbnailKey: 'k',
    facts,
    details: null,
    failure: null,
    albums: [],
    results: [],
  },
};

let media: ReturnType<typeof openFakeMedia>;

async function opened(more: Overrides = {}) {
  const overrides: Overrides = {
    library: { show: page, ...more.library },
    model: { list: { models: [...shipped], problems: [] } },
    queue: { plan: planned([plannedPhoto(3)]) },
  };
  const made = await openTestApp({ overrides, bridge: { mediaUrl: media.mediaUrl }, hash: '#/enhance/3' });
  const screen = await render(WithApp, { props: { app: made.app, component: EnhanceView, props: {} } });
  screen.container.classList.add('stage-room');
  return { ...made, screen };
}

/** What previews were asked for, each once. */
function previews(): { region: number[]; recipe: { model: string; denoise: unknown } }[] {
  return media.asked
    .filter((path) => path.startsWith('preview/3'))
    .map((path) => new URLSearchParams(path.split('?')[1]))
    .map((query) => ({
      region: (query.get('region') ?? '').split(',').map(Number),
      recipe: JSON.parse(query.get('recipe') ?? '') as never,
    }));
}

const says = (screen: Awaited<ReturnType<typeof opened>>['screen']) => screen.getByRole('status');

beforeEach(async () => {
  media = openFakeMedia({
    'original/3': { width: 4032, height: 3024, blue: 40 },
    'thumbnail/3': { width: 400, height: 300, blue: 40 },
    'preview/3': { width: 8064, height: 6048, blue: 220 },
  });
  const style = document.createElement('style');
  style.textContent = '.stage-room { position: fixed; inset: 0; }';
  document.head.append(style);
  await setLanguage('en');
});
afterEach(() => media.close());

describe('one photo and what becomes of it', () => {
  test('is shown at 100 %, from its middle, with what the network makes of it', async () => {
    const { screen } = await opened();
    await expect.element(says(screen)).toHaveTextContent('Preview, 100%');
    await expect.element(screen.getByRole('group', { name: 'Preview of harbour.jpg' })).toHaveAttribute('aria-busy', 'false');
    const asked = previews();
    const [x = 0, y = 0, width = 0, height = 0] = asked[0]?.region ?? [];
    expect(asked[0]?.recipe.model).toBe('photo-x2');
    expect(Math.abs(x + width / 2 - 4032)).toBeLessThanOrEqual(512);
    expect(Math.abs(y + height / 2 - 3024)).toBeLessThanOrEqual(512);
    // Nothing that cannot be seen is computed: blocks are at least 400 pixels long here.
    const { innerWidth, innerHeight } = window;
    expect(asked.length).toBeLessThanOrEqual((innerWidth / 400 + 1) * (innerHeight / 400 + 1));
    expect(new Set(asked.map(({ region }) => region.join())).size).toBe(asked.length);
  });

  test('is read to be compared only when the preview is there, or somebody wants to compare', async () => {
    const release = media.hold('preview/3');
    const { screen } = await opened();
    const reads = () => media.asked.filter((path) => path.startsWith('original/3/info')).length;
    await vi.waitFor(() => expect(previews().length).toBeGreaterThan(0));
    await drawn();
    expect(reads()).toBe(0);
    await userEvent.keyboard('{ >}');
    await vi.waitFor(() => expect(reads()).toBe(1));
    await userEvent.keyboard('{/ }');
    release();
    await expect.element(says(screen)).toHaveTextContent('Preview, 100%');
    expect(reads()).toBe(1);
    await screen.unmount();
    await opened();
    await vi.waitFor(() => expect(reads()).toBe(2));
  });

  test('that nobody read yet says so, and is shown as soon as it is read', async () => {
    let isRead = false;
    const { screen, events } = await opened({ library: { show: () => (isRead ? page : { ...page, facts: null }) } });
    await expect.element(screen.getByRole('heading', { name: 'This photo is still being read' })).toBeVisible();
    isRead = true;
    events.emit('library', { changedIds: [3], listChanged: false });
    await expect.element(says(screen)).toHaveTextContent('Preview, 100%');
  });

  test('lies exactly over the original, at every zoom', async () => {
    const { screen } = await opened();
    for (const keys of ['', '+', '+', '-', '{ArrowRight}', '{ArrowDown}', '-', '-']) {
      if (keys !== '') await userEvent.keyboard(keys);
      await expect.element(screen.getByRole('group', { name: 'Preview of harbour.jpg' })).toHaveAttribute('aria-busy', 'false');
      await drawn();
      const [stage, layer] = canvases(screen.container.querySelector('.live') ?? screen.container) as [
        HTMLCanvasElement,
        HTMLCanvasElement,
      ];
      const { width, height } = layer.getBoundingClientRect();
      expect([width, height]).toEqual([stage.getBoundingClientRect().width, stage.getBoundingClientRect().height]);
      for (const [x, y] of [
        [0.1, 0.2],
        [0.5, 0.5],
        [0.9, 0.7],
      ] as const) {
        const [below, above] = [stage, layer].map((canvas) => placeAt(canvas, x * width, y * height));
        expect([below?.blue, above?.blue]).toEqual([40, 220]);
        // A step of colour is 16 pixels of the photo and more.
        expect(Math.abs((below?.across ?? 0) - (above?.across ?? 1))).toBeLessThanOrEqual(1.01 / 255);
        expect(Math.abs((below?.down ?? 0) - (above?.down ?? 1))).toBeLessThanOrEqual(1.01 / 255);
      }
    }
  });

  test('shows the original while Space is held', async () => {
    const { screen } = await opened();
    await expect.element(says(screen)).toHaveTextContent('Preview, 100%');
    await userEvent.keyboard('{ >}');
    await expect.element(says(screen)).toHaveTextContent('Original, 100%');
    await userEvent.keyboard('{/ }');
    await expect.element(says(screen)).toHaveTextContent('Preview, 100%');
  });

  test('is parted by a line that keys move', async () => {
    const { screen } = await opened();
    await expect.element(says(screen)).toHaveTextContent('Preview, 100%');
    await userEvent.keyboard('s');
    await expect.element(screen.getByRole('slider')).toHaveAccessibleName(/./);
    await userEvent.keyboard('s');
    await expect.element(screen.getByRole('slider')).not.toBeInTheDocument();
  });

  test('keeps what is shown until the new recipe is computed, and computes only the last one', async () => {
    const { screen } = await opened();
    await expect.element(says(screen)).toHaveTextContent('Preview, 100%');
    const release = media.hold('preview/3');
    const choose = (name: RegExp): void => (screen.getByRole('radio', { name }).element() as HTMLInputElement).click();
    choose(/^Photo ×2, best/);
    choose(/^Crisp ×2/);
    await expect.element(says(screen)).toHaveTextContent('Preview, 100%, computing …');
    await vi.waitFor(() => expect(screen.container.querySelectorAll('.layers canvas')).toHaveLength(2));
    release();
    await expect.element(says(screen)).toHaveTextContent('Preview, 100%');
    expect(screen.container.querySelectorAll('.layers canvas')).toHaveLength(1);
    expect(previews().at(-1)?.recipe.model).toBe('crisp-x2');
    expect(previews().some(({ recipe }) => recipe.model === 'photo-x2-best')).toBe(false);
  });

  test('from afar says where its preview is, and computes nothing', async () => {
    const { screen } = await opened();
    await expect.element(says(screen)).toHaveTextContent('Preview, 100%');
    const before = previews().length;
    await userEvent.keyboard('0');
    await expect.element(says(screen)).toHaveTextContent('Zoom in to see the preview');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(previews()).toHaveLength(before);
    await userEvent.keyboard('1');
    await expect.element(says(screen)).toHaveTextContent('Preview, 100%');
  });

  test('says why there is no preview', async () => {
    media.refuse('preview/3', 'source-changed');
    const { screen } = await opened();
    await expect.element(screen.getByRole('alert')).toHaveTextContent('Refused by the test.');
  });

  test('that cannot be used says so', async () => {
    const failure = { code: 'damaged' as const, message: 'The file is damaged.' };
    const { screen } = await opened({ library: { show: { ...page, facts: null, failure } } });
    await expect.element(screen.getByText('This photo cannot be enhanced')).toBeVisible();
    await expect.element(screen.getByText('The file is damaged.')).toBeVisible();
  });

  test('is left by Escape', async () => {
    const { app, screen } = await opened();
    await expect.element(says(screen)).toBeVisible();
    await userEvent.keyboard('{Escape}');
    expect(app.router.route).toMatchObject({ view: 'photo', id: 3 });
    await vi.waitFor(() => expect(screen.container.querySelector('.live')).not.toBeNull());
  });
});
