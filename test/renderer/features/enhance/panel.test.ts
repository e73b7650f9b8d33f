import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import axe from 'axe-core';
import type { BatchPlan, Parsed } from '../../../../core/api/contract.ts';
import type { DeviceView, ModelView } from '../../../../core/api/host-views.ts';
import type { Overrides } from '../../../../core/api/test-double.ts';
import { EnlargerError } from '../../../../core/photo/failure.ts';
import type { PhotoChoice } from '../../../../core/photo/library-view.ts';
import { usualPreferences } from '../../../../core/photo/preferences.ts';
import EnhancePanel from '../../../../renderer/features/enhance/EnhancePanel.svelte';
import { setLanguage } from '../../../../renderer/messages/index.svelte.ts';
import WithApp from '../../WithApp.svelte';
import { openTestApp } from '../../test-app.ts';
import { openFakeMedia } from '../review/fake-media.ts';
import { model, shipped } from './models.ts';
import { planned, plannedPhoto } from './plans.ts';

const device: DeviceView = {
  ...{ id: 'cpu', name: 'A processor', cores: 4, threads: 8, memoryBytes: 8e9, features: [], failure: null },
  ...{ state: 'checked', chosen: true, megapixelsPerSecond: 3.4, checks: [] },
};
const nothing = { jobs: 0, settled: 0, failed: 0, fraction: 1, megapixelsPerSecond: null, remainingMs: null };
const idle = {
  ...{ paused: false, running: [], albums: [], whole: nothing, looking: nothing },
  counts: { queued: 0, running: 0, done: 0, failed: 0, cancelled: 0 },
};

interface Opened {
  readonly models?: readonly ModelView[];
  readonly plan?: BatchPlan | EnlargerError | ((params: Parsed<'queue', 'plan'>) => BatchPlan);
  readonly choice?: PhotoChoice;
  readonly more?: Overrides;
  readonly props?: Record<string, unknown>;
}

let media: ReturnType<typeof openFakeMedia>;

async function opened({
  models = shipped,
  plan = planned([plannedPhoto(1), plannedPhoto(2)]),
  choice = { ids: [1, 2] },
  more = {},
  props = {},
}: Opened = {}) {
  const overrides: Overrides = {
    ...more,
    model: { list: { models: [...models], problems: [] }, ...more.model },
    device: { list: { devices: [device] } },
    queue: { plan, status: idle, ...more.queue },
    library: { some: ({ ids }) => ({ photos: ids.map(summary) }) },
  };
  const made = await openTestApp({ overrides, bridge: { mediaUrl: media.mediaUrl } });
  const screen = await render(WithApp, {
    props: { app: made.app, component: EnhancePanel, props: { choice, count: 2, ...props } },
  });
  const asked = (call: string): unknown[] => made.calls.filter((one) => one.call === call).map(({ params }) => params);
  return { ...made, screen, asked };
}

function summary(id: number) {
  return {
    ...{
      id,
      name: `IMG_${id}.jpg`,
      path: `/photos/IMG_${id}.jpg`,
      width: 4032,
      height: 3024,
      fileBytes: 1,
      takenAt: null,
      rating: 0,
    },
    ...{ favourite: false, state: 'none' as const, thumbnailKey: null },
  };
}

beforeEach(async () => {
  media = openFakeMedia({ 'preview/1': { width: 64, height: 48, blue: 200 } });
  await setLanguage('en');
});
afterEach(() => media.close());

describe('the panel', () => {
  test('begins with what is right for nearly every photo, and says what it takes', async () => {
    const { screen, asked } = await opened();
    await expect.element(screen.getByRole('heading', { name: 'Enhance 2 photos' })).toBeVisible();
    await expect.element(screen.getByRole('radio', { name: '2×' })).toBeChecked();
    await expect.element(screen.getByRole('radio', { name: /^Best for this size/ })).toBeChecked();
    await expect.element(screen.getByRole('radio', { name: 'Automatic' })).toBeChecked();
    await expect.element(screen.getByText('4032 × 3024 → 8064 × 6048')).toBeVisible();
    await expect.element(screen.getByText('about 57 sec')).toBeVisible();
    await expect.element(screen.getByText('310 MB of 48 GB free')).toBeVisible();
    await expect.element(screen.getByText('CPU, checked')).toBeVisible();
    await expect.element(screen.getByText(/Originals are never changed/)).toBeVisible();
    expect(asked('queue.plan')[0]).toEqual({
      choice: { ids: [1, 2] },
      recipe: { version: 1, model: null, target: { kind: 'scale', scale: 2 }, denoise: 'auto' },
    });
  });

  test('names each network that serves the size, in one sentence, with its speed here', async () => {
    const own = model('my-net', 2, { name: 'My network', use: 'Only for my photos.', megapixelsPerSecond: 12 });
    const { screen } = await opened({ models: [...shipped, own] });
    await expect.element(screen.getByText('Photo ×2. Right for nearly every photo.')).toBeVisible();
    await expect.element(screen.getByRole('radio', { name: /^My network 12 MP\/s here Only for my photos\.$/ })).toBeVisible();
    await expect.element(screen.getByRole('radio', { name: /^Photo ×2, best 1\.2 MP\/s here/ })).toBeVisible();
    await screen.getByRole('radio', { name: '1×' }).click({ force: true });
    await expect.element(screen.getByText('Clean. Takes away JPEG blocks and noise; the size stays.')).toBeVisible();
    await expect.element(screen.getByRole('radio', { name: /best 1\.2/ })).not.toBeInTheDocument();
  });

  test('begins with the recipe that was asked for last', async () => {
    const recipe = {
      version: 1 as const,
      model: 'crisp-x4',
      target: { kind: 'scale' as const, scale: 4 as const },
      denoise: 0.6,
    };
    const { screen, asked } = await opened({ more: { preferences: { get: { ...usualPreferences, recipe } } } });
    await expect.element(screen.getByRole('radio', { name: '4×' })).toBeChecked();
    await expect.element(screen.getByRole('radio', { name: /^Crisp ×4/ })).toBeChecked();
    await expect.element(screen.getByRole('slider', { name: 'Strength' })).toHaveValue('0.6');
    await vi.waitFor(() => expect(asked('queue.plan')).toEqual([{ choice: { ids: [1, 2] }, recipe }]));
  });

  test('takes a print size, and says how many pixels that is', async () => {
    const { screen, asked } = await opened();
    await screen.getByRole('radio', { name: 'Custom' }).click({ force: true });
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Given by' }), 'Print size');
    await userEvent.fill(screen.getByRole('spinbutton', { name: 'Long side of the print' }), '50');
    await expect.element(screen.getByText('Makes 5,906 pixels along the long side.')).toBeVisible();
    await vi.waitFor(() =>
      expect(asked('queue.plan').at(-1)).toMatchObject({ recipe: { target: { kind: 'long-side', pixels: 5906 } } }),
    );
    await userEvent.clear(screen.getByRole('spinbutton', { name: 'Long side of the print' }));
    await expect.element(screen.getByText('A number above 0 is needed.')).toBeVisible();
    await expect.element(screen.getByRole('button', { name: /^Enhance/ })).toBeDisabled();
  });

  test('sets no strength where the network has none, and says so', async () => {
    const { screen, asked } = await opened({ models: [model('plain-x2', 2, { hasStrength: false })] });
    await expect.element(screen.getByText('This network has no strength to set.')).toBeVisible();
    await expect.element(screen.getByRole('radio', { name: 'Automatic' })).not.toBeInTheDocument();
    await vi.waitFor(() => expect(asked('queue.plan').at(-1)).toMatchObject({ recipe: { denoise: 'auto' } }));
  });

  test('shows what becomes of the first photo, before and after', async () => {
    const { screen } = await opened();
    await expect.element(screen.getByText('after', { exact: true })).toBeVisible();
    await expect.element(screen.getByLabelText(/^Preview of IMG_1\.jpg/)).toBeVisible();
    const [before, after] = media.asked
      .filter((path) => path.startsWith('preview/1'))
      .map((path) => new URLSearchParams(path.split('?')[1]));
    const [x, y, width, height] = (before?.get('region') ?? '').split(',').map((part) => 2 * Number(part));
    expect(after?.get('region')).toBe([x, y, width, height].join());
  });

  test('has nothing that an accessibility check finds, in any of its states', async () => {
    const { screen } = await opened({ plan: refusing() });
    await expect.element(screen.getByText(/3 photos cannot be made/)).toBeVisible();
    await screen.getByRole('radio', { name: 'Custom' }).click({ force: true });
    await screen.getByRole('radio', { name: 'By hand' }).click({ force: true });
    await expect.element(screen.getByRole('slider', { name: 'Strength' })).toBeVisible();
    await vi.waitFor(() => expect(screen.container.querySelector('[aria-busy="true"]')).toBeNull());
    const { violations } = await axe.run(screen.container, { rules: { region: { enabled: false } } });
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });
});

describe('a plan', () => {
  test('that does not fit says so and what to do, and cannot be begun', async () => {
    const failure = { code: 'disk-full' as const, message: 'There is too little room in the cache.' };
    const { app, screen } = await opened({ plan: planned([plannedPhoto(1)], { failure, freeBytes: 1e6 }) });
    await expect.element(screen.getByRole('alert')).toMatchTextContent(/There is too little room in the cache\./);
    await expect.element(screen.getByRole('button', { name: /^Enhance/ })).toBeDisabled();
    await screen.getByRole('button', { name: 'Open the settings' }).click();
    expect(app.router.route.view).toBe('settings');
  });

  test('tells which photos cannot be made and why, and offers the rest', async () => {
    const { screen } = await opened({ plan: refusing() });
    await expect.element(screen.getByText(/3 photos cannot be made\. The file is not there now\./)).toBeVisible();
    await screen.getByText('Show which').click();
    await expect.element(screen.getByRole('link', { name: 'IMG_12.jpg' })).toHaveAttribute('href', '#/photo/12');
    await expect.element(screen.getByRole('button', { name: 'Enhance 1 photo' })).toBeEnabled();
  });

  test('of nothing that can be made cannot be begun', async () => {
    const { screen } = await opened({ plan: { ...refusing(), photos: [] } });
    await expect.element(screen.getByText(/3 photos cannot be made/)).toBeVisible();
    await expect.element(screen.getByRole('button', { name: /^Enhance/ })).toBeDisabled();
  });

  test('says what is ready already, what is only made smaller, and a range of sizes', async () => {
    const smaller = {
      ...plannedPhoto(2, { width: 9000, height: 6000 }),
      width: 6000,
      height: 4000,
      cached: true,
      notes: [{ code: 'shrunk' as const, width: 6000, height: 4000 }],
    };
    const { screen } = await opened({ plan: planned([plannedPhoto(1), smaller]) });
    await expect.element(screen.getByText('12 MP to 54 MP → 24 MP to 49 MP')).toBeVisible();
    await expect.element(screen.getByText('1 photo is ready already.')).toBeVisible();
    await expect.element(screen.getByText(/1 photo is larger than that/)).toBeVisible();
  });

  test('whose time is not known has the network measured when nothing else is to be done, and is made again', async () => {
    const slow = model('photo-x2', 2, { name: 'Photo ×2', megapixelsPerSecond: null });
    let known: number | null = null;
    const { screen, asked } = await opened({
      plan: () => planned([plannedPhoto(1)], { estimateMs: known }),
      more: {
        model: {
          list: () => ({ models: [{ ...slow, megapixelsPerSecond: known === null ? null : 2.5 }], problems: [] }),
          measure: () => {
            known = 30_000;
            return { ...slow, megapixelsPerSecond: 2.5 };
          },
        },
      },
    });
    await expect.element(screen.getByText('not known yet')).toBeVisible();
    await expect.element(screen.getByText('about 30 sec'), { timeout: 5000 }).toBeVisible();
    await expect.element(screen.getByText('2.5 MP/s here')).toBeVisible();
    expect(asked('model.measure')).toEqual([{ id: 'photo-x2' }]);
  });

  const job = { id: 1, kind: 'enhance' as const, photoId: 1, resultId: 1, name: 'a.jpg', priority: 100, fraction: 0.5 };
  const working = { ...idle, running: [{ ...job, status: { state: 'running' as const, attempts: 1, interruptions: 0 } }] };
  test.each([
    ['the owner computes something', { props: { busy: true } }],
    ['the queue works', { more: { queue: { status: working } } }],
  ])('measures nothing while %s', async (_, meanwhile) => {
    const { screen, asked } = await opened({ models: [model('photo-x2', 2, { megapixelsPerSecond: null })], ...meanwhile });
    await expect.element(screen.getByText(/Best for this size/)).toBeVisible();
    await new Promise((resolve) => setTimeout(resolve, 1800));
    expect(asked('model.measure')).toEqual([]);
  });

  test('that cannot be had says why, and can be asked for again', async () => {
    const { screen, asked } = await opened({ plan: new EnlargerError('internal', 'The program does not answer.') });
    await expect.element(screen.getByRole('alert')).toMatchTextContent(/The program does not answer\./);
    const before = asked('queue.plan').length;
    await screen.getByRole('button', { name: 'Try again' }).click();
    expect(asked('queue.plan')).toHaveLength(before + 1);
  });
});

describe('what is begun', () => {
  test('is told with what was there already, remembered, and can be taken back', async () => {
    const onadded = vi.fn();
    const { app, screen, asked } = await opened({
      more: { queue: { add: { jobs: [7, 8, 9], known: 1, cached: 2, plan: planned([]) } } },
      props: { onadded },
    });
    await screen.getByRole('button', { name: 'Enhance 2 photos' }).click();
    await vi.waitFor(() => expect(onadded).toHaveBeenCalledOnce());
    const [toast] = app.toasts.shown;
    expect(toast?.text).toBe('2 photos added. 3 were there already.');
    expect(asked('preferences.set')).toMatchObject([{ recipe: { target: { kind: 'scale', scale: 2 } } }]);
    toast?.action?.run();
    expect(asked('queue.cancel')).toEqual([{ ids: [8, 9] }]);
  });

  test('takes along what nobody read yet: it is read first, and what is no photo is told', async () => {
    let release: (() => void) | undefined;
    const unread = Array.from({ length: 100 }, (_, index) => 10 + index);
    const failure = { code: 'not-a-photo' as const, message: 'This is no photo.' };
    const { app, screen, asked } = await opened({
      plan: planned([], { unread, estimateMs: 0 }),
      more: {
        queue: {
          read: async ({ photoIds }) => {
            if (photoIds.includes(109)) await new Promise<void>((resolve) => (release = resolve));
            return { failed: photoIds.includes(109) ? [{ id: 109, failure }] : [] };
          },
          add: { jobs: [7], known: 0, cached: 0, plan: planned([], { refused: [{ id: 109, failure: gone }] }) },
        },
      },
      props: { count: 100 },
    });
    await expect.element(screen.getByText('100 photos are still being read and come along.')).toBeVisible();
    await expect.element(screen.getByText('not known yet')).toBeVisible();
    await screen.getByRole('button', { name: 'Enhance 100 photos' }).click();
    await expect.element(screen.getByRole('button', { name: 'Reading photos …' })).toBeDisabled();
    await expect.element(screen.getByText(/^64 of 100 read\./)).toBeVisible();
    await expect.element(screen.getByRole('progressbar', { name: 'Reading photos …' })).toHaveAttribute('aria-valuenow', '64');
    expect(asked('queue.read')).toEqual([{ photoIds: unread.slice(0, 64) }, { photoIds: unread.slice(64) }]);
    expect(asked('queue.add')).toEqual([]);
    release?.();
    await vi.waitFor(() => expect(app.toasts.shown[0]?.text).toBe('1 photo added. 1 photo cannot be made. This is no photo.'));
  });

  test.each(['Cancel', null])('is not begun any more when it is left while photos are read (%s)', async (button) => {
    let release: (() => void) | undefined;
    const { app, screen, asked } = await opened({
      plan: planned([], { unread: [1, 2] }),
      more: {
        queue: {
          read: async () => {
            await new Promise<void>((resolve) => (release = resolve));
            return { failed: [] };
          },
        },
      },
    });
    await screen.getByRole('button', { name: 'Enhance 2 photos' }).click();
    await vi.waitFor(() => expect(asked('queue.read')).toHaveLength(1));
    if (button === null) await screen.unmount();
    else await screen.getByRole('button', { name: button }).click();
    release?.();
    if (button !== null) await expect.element(screen.getByRole('button', { name: 'Enhance 2 photos' })).toBeEnabled();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([asked('queue.add'), app.toasts.shown]).toEqual([[], []]);
  });

  test('that is refused says why, and stays to be asked again', async () => {
    const { app, screen } = await opened({
      more: { queue: { add: new EnlargerError('disk-full', 'There is too little room.') } },
    });
    await screen.getByRole('button', { name: 'Enhance 2 photos' }).click();
    await vi.waitFor(() => expect(app.toasts.shown).toMatchObject([{ kind: 'error', text: 'There is too little room.' }]));
    await expect.element(screen.getByRole('button', { name: 'Enhance 2 photos' })).toBeEnabled();
  });

  test('is chosen by keyboard alone', async () => {
    const { screen, asked } = await opened();
    screen.getByRole('radio', { name: '2×' }).element().focus();
    await userEvent.keyboard('{ArrowRight}');
    await expect.element(screen.getByRole('radio', { name: '4×' })).toBeChecked();
    await userEvent.keyboard('{Tab}{ArrowDown}');
    await vi.waitFor(() =>
      expect(asked('queue.plan').at(-1)).toMatchObject({ recipe: { model: 'photo-x2-best', target: { scale: 4 } } }),
    );
  });
});

const gone = { code: 'not-found' as const, message: 'The file is not there now.' };

function refusing(): BatchPlan {
  return planned([plannedPhoto(1)], { refused: [11, 12, 13].map((id) => ({ id, failure: gone })) });
}
