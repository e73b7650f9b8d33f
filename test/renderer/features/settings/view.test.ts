import { beforeEach, describe, expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import type { DeviceView, ModelView } from '../../../../core/api/host-views.ts';
import type { Overrides } from '../../../../core/api/test-double.ts';
import { EnlargerError } from '../../../../core/photo/failure.ts';
import { preferencesSchema, usualPreferences } from '../../../../core/photo/preferences.ts';
import SettingsView from '../../../../renderer/features/settings/SettingsView.svelte';
import { cacheLimits } from '../../../../renderer/features/settings/cache-limits.ts';
import { setLanguage } from '../../../../renderer/messages/index.svelte.ts';
import WithApp from '../../WithApp.svelte';
import { openTestApp } from '../../test-app.ts';

const english = { ...usualPreferences, language: 'en' } as const;
const takesAll: NonNullable<Overrides['preferences']> = {
  get: english,
  set: (changes) => preferencesSchema.parse({ ...english, ...changes }),
};

async function opened(overrides: Overrides = {}) {
  const made = await openTestApp({ overrides: { preferences: takesAll, ...overrides }, hash: '#/settings' });
  const screen = await render(WithApp, { props: { app: made.app, component: SettingsView, props: {} } });
  return { ...made, screen, asked: (call: string) => made.calls.filter((one) => one.call === call).map(({ params }) => params) };
}

beforeEach(() => setLanguage('en'));

describe('appearance', () => {
  test('changes at once', async () => {
    const { screen, asked } = await opened();
    await screen.getByRole('radio', { name: 'Dark' }).click();
    expect(document.documentElement.dataset['theme']).toBe('dark');
    await expect.poll(() => asked('preferences.set')).toEqual([{ theme: 'dark' }]);
  });

  test('is taken back when the host refuses', async () => {
    const { screen, app } = await opened({
      preferences: { get: english, set: new EnlargerError('disk-full', 'There is no room.') },
    });
    await screen.getByRole('radio', { name: 'Light' }).click();
    await expect.element(screen.getByRole('radio', { name: 'As the system' })).toBeChecked();
    expect(app.toasts.shown.map(({ text }) => text)).toEqual(['There is no room.']);
  });

  test('offers each language by its own name, and speaks it', async () => {
    const { screen } = await opened();
    const languages = screen.getByLabelText('Language');
    const names = [...languages.element().querySelectorAll('option')].map(({ textContent }) => textContent);
    expect(names).toEqual(['As the system', 'English', 'Deutsch', 'Русский', '日本語']);
    await languages.selectOptions('de');
    await expect.element(screen.getByRole('heading', { name: 'Einstellungen' })).toBeVisible();
  });
});

describe('computing', () => {
  const cpu: DeviceView = {
    ...{ id: 'cpu', name: 'Ryzen 7', cores: 8, threads: 4, memoryBytes: 32e9, features: ['AVX2'], state: 'unchecked' },
    ...{ failure: null, chosen: true, megapixelsPerSecond: null, checks: [] },
  };

  test('shows the device, and how fast it is once it was measured', async () => {
    const checked: DeviceView = { ...cpu, state: 'checked', megapixelsPerSecond: 3.42 };
    const { screen } = await opened({ device: { list: { devices: [cpu] }, check: { devices: [checked] } } });
    await expect.element(screen.getByText('8 cores · 4 threads · 32 GB of memory · AVX2')).toBeVisible();
    await screen.getByRole('button', { name: 'Check and measure' }).click();
    await expect.element(screen.getByText('3.4 MP/s')).toBeVisible();
    await expect.element(screen.getByText('checked and measured')).toBeVisible();
  });

  test('shows what the check of each device found, which one is used, and offers only those that are there', async () => {
    const right = {
      maxDifference: 0.002,
      meanDifference: 1e-6,
      tileSide: 512,
      megapixelsPerSecond: 42,
      failure: null,
      refusal: null,
    };
    const gpu: DeviceView = {
      ...{ id: 'webgpu', name: 'WebGPU', cores: null, threads: null, memoryBytes: null, features: [], failure: null },
      ...{ state: 'checked', chosen: true, megapixelsPerSecond: 42 },
      checks: [
        { ...right, file: 'gpu-half.onnx', precision: 'fp16' },
        { ...right, file: 'gpu.onnx', precision: 'fp32', maxDifference: 1, meanDifference: 0.3, refusal: 'wrong' },
      ],
    };
    const { screen } = await opened({ device: { list: { devices: [{ ...cpu, chosen: false }, gpu] } } });
    await expect
      .element(screen.getByText('fp16 · on test patterns at most 0.51, on average < 0.01 of 255 steps off · 42 MP/s · right'))
      .toBeVisible();
    await expect.element(screen.getByText(/^fp32 · on test patterns at most 255\.0.* wrong pixels, not used$/)).toBeVisible();
    await expect.element(screen.getByText('in use')).toBeVisible();
    await expect.element(screen.getByRole('radio', { name: 'Graphics processor only' })).toBeVisible();
  });

  test('does not offer a graphics processor where there is none', async () => {
    const { screen } = await opened({ device: { list: { devices: [cpu, { ...cpu, id: 'webgpu', state: 'unavailable' }] } } });
    await expect.element(screen.getByText('not available here')).toBeVisible();
    expect(screen.getByRole('radio', { name: 'Graphics processor only' }).elements()).toEqual([]);
  });

  test('is told when a device failed in work, with the way to what is known of it', async () => {
    const { app, events } = await opened({ device: { list: { devices: [cpu] } } });
    events.emit('deviceOut', { device: 'webgpu', failure: { code: 'device-failed', message: 'It computed black tiles.' } });
    expect(app.toasts.shown.map(({ text }) => text)).toEqual([
      'It computed black tiles. The graphics processor is not used any more for now; photos go on on the processor. Nothing wrong was kept.',
    ]);
  });

  test('says why a device failed', async () => {
    const failure = { code: 'device-failed', message: 'It computed a wrong picture.' } as const;
    const { screen } = await opened({ device: { list: { devices: [{ ...cpu, state: 'failed', failure }] } } });
    await expect.element(screen.getByText('It computed a wrong picture.')).toBeVisible();
  });

  test('can leave threads to other programs', async () => {
    const { screen, asked } = await opened({ device: { list: { devices: [cpu] } } });
    const threads = screen.getByLabelText('Threads for networks');
    await expect.element(threads).toHaveValue('');
    await threads.selectOptions('3 threads');
    await threads.selectOptions('All (4)');
    await expect.poll(() => asked('preferences.set')).toEqual([{ threads: 3 }, { threads: null }]);
  });
});

describe('networks', () => {
  const network: ModelView = {
    ...{
      id: 'mine',
      name: 'Mine',
      version: '1.2.0',
      licence: 'CC-BY-4.0',
      task: 'enlarge',
      use: 'For everything.',
      scale: 2,
      hasStrength: true,
      tiles: { tileSide: 256, halo: 12, multiple: 1 },
    },
    ...{ precision: 'int8', fileBytes: 640_000, metrics: [{ set: 'Set5', psnrDb: 37.123 }], megapixelsPerSecond: null },
  };

  test('are named with licence and quality, and measured when asked', async () => {
    const { screen, asked } = await opened({
      model: { list: { models: [network], problems: [] }, measure: { ...network, megapixelsPerSecond: 12 } },
    });
    await expect.element(screen.getByText('2× · version 1.2.0 · licence CC-BY-4.0 · int8 · 640 kB')).toBeVisible();
    await expect.element(screen.getByText('Set5 37.12 dB')).toBeVisible();
    await screen.getByRole('button', { name: 'Measure Mine' }).click();
    await expect.element(screen.getByText('12 MP/s')).toBeVisible();
    expect(asked('model.measure')).toEqual([{ id: 'mine' }]);
  });

  test('say that nothing is measured while photos are worked on', async () => {
    const { screen, app } = await opened({
      model: { list: { models: [network], problems: [] }, measure: new EnlargerError('conflict', 'Photos are being worked on.') },
    });
    await screen.getByRole('button', { name: 'Measure Mine' }).click();
    await expect.poll(() => app.toasts.shown.map(({ text }) => text)).toEqual(['Photos are being worked on.']);
    await expect.element(screen.getByText('not measured yet')).toBeVisible();
  });
});

describe('the cache', () => {
  const status = { results: 12, bytes: 3e9, limitBytes: 30e9, pinnedBytes: 1e9, thumbnails: 40, thumbnailBytes: 8e5 };

  test('shows what it holds, and its limit among sensible ones', async () => {
    const { screen, asked } = await opened({ cache: { status } });
    await expect.element(screen.getByText('12 · 3 GB')).toBeVisible();
    const limit = screen.getByLabelText('Room for results', { exact: true });
    await expect.element(limit).toHaveValue('30000000000');
    await limit.selectOptions('100 GB');
    await expect.poll(() => asked('cache.setLimit')).toEqual([{ limitBytes: 100e9 }]);
  });

  test('is cleared only after a question that says what stays', async () => {
    const { screen, app, asked } = await opened({ cache: { status, clear: { freedBytes: 2e9 } } });
    await screen.getByRole('button', { name: 'Clear' }).click();
    const dialog = screen.getByRole('dialog', { name: 'Clear the results?' });
    await expect.element(dialog).toBeVisible();
    expect(asked('cache.clear')).toEqual([]);
    await dialog.getByRole('button', { name: 'Clear' }).click();
    await expect.poll(() => app.toasts.shown.map(({ text }) => text)).toEqual(['2 GB were freed.']);
    expect(asked('cache.status')).toHaveLength(2);
  });

  test('moves with the next start', async () => {
    const about = {
      version: '1',
      kind: 'desktop',
      choosing: 'dialog',
      reveals: true,
      libraryPath: '/l',
      cachePath: '/c',
    } as const;
    const place = { grant: 'g', name: 'fast', path: '/mnt/fast' };
    const { screen, asked } = await opened({ host: { about, choose: { chosen: [place] } }, cache: { status } });
    await screen.getByRole('button', { name: 'Choose another folder' }).click();
    await expect.element(screen.getByText('From the next start on: /mnt/fast')).toBeVisible();
    await screen.getByRole('button', { name: 'Back to the usual place' }).click();
    await expect.element(screen.getByText('From the next start on: the usual place')).toBeVisible();
    expect(asked('cache.setPlace')).toEqual([{ folder: 'g' }, { folder: null }]);
  });

  test.each([1, 30e9, 50e9, 5e15])('offers the limit of now, %d bytes, once and in order', (now) => {
    const limits = cacheLimits(now);
    expect(limits.filter((limit) => limit === now)).toEqual([now]);
    expect(limits.toSorted((a, b) => a - b)).toEqual(limits);
  });
});

describe('folders', () => {
  const root = { id: 7, path: '/home/me/Pictures', scope: 'tree', watched: false, offline: false, photos: 3 } as const;

  test('are watched when asked', async () => {
    let watched = false;
    const { screen, asked } = await opened({
      library: {
        roots: () => ({ roots: [{ ...root, watched }] }),
        watch: (wanted) => {
          ({ watched } = wanted);
          return {};
        },
      },
    });
    const box = screen.getByRole('checkbox', { name: 'Watch' });
    await box.click();
    await expect.element(box).toBeChecked();
    expect(asked('library.watch')).toEqual([{ rootId: 7, watched: true }]);
  });

  test('stay as they are when the host refuses', async () => {
    const { screen, app } = await opened({
      library: { roots: { roots: [root] }, watch: new EnlargerError('not-found', 'This folder is not in the library.') },
    });
    const box = screen.getByRole('checkbox', { name: 'Watch' });
    await box.click();
    await expect.poll(() => app.toasts.shown.length).toBe(1);
    await expect.element(box).not.toBeChecked();
  });

  test('are forgotten only after a question', async () => {
    const { screen, asked } = await opened({ library: { roots: { roots: [root] }, forgetRoot: { changed: 3 } } });
    await screen.getByRole('button', { name: 'Forget /home/me/Pictures' }).click();
    await screen.getByRole('dialog').getByRole('button', { name: 'Forget' }).click();
    await expect.poll(() => asked('library.forgetRoot')).toEqual([{ rootId: 7 }]);
  });
});

describe('the library', () => {
  test('is checked, and what is wrong is said', async () => {
    const { screen } = await opened({
      library: { check: { ok: false, problems: ['A page is damaged.'], photos: 10, backups: 2 } },
    });
    await screen.getByRole('button', { name: 'Check the library' }).click();
    await expect.element(screen.getByText('1 problem was found.')).toBeVisible();
    await expect.element(screen.getByText('A page is damaged.')).toBeVisible();
    await expect.element(screen.getByText('There are 2 backups.')).toBeVisible();
  });

  test('is backed up', async () => {
    const { screen } = await opened({ library: { backup: { file: '/l/backups/today', bytes: 5e6 } } });
    await screen.getByRole('button', { name: 'Make a backup now' }).click();
    await expect.element(screen.getByText('A backup was made: /l/backups/today (5 MB)')).toBeVisible();
  });
});
