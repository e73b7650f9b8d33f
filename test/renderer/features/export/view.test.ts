import { beforeEach, describe, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { Parsed } from '../../../../core/api/contract.ts';
import type { Overrides } from '../../../../core/api/test-double.ts';
import { EnlargerError } from '../../../../core/photo/failure.ts';
import type { ResultView } from '../../../../core/photo/library-view.ts';
import { usualPreferences } from '../../../../core/photo/preferences.ts';
import ExportView from '../../../../renderer/features/export/ExportView.svelte';
import { setLanguage } from '../../../../renderer/messages/index.svelte.ts';
import WithApp from '../../WithApp.svelte';
import { openTestApp } from '../../test-app.ts';

type Question = Parsed<'export', 'preview'>;

const folder = { grant: 'out', name: 'Prints', path: '/home/me/Prints' };
const results = [1, 2].map((id) => result(id, 'accepted')).concat(result(3, 'exported'));

function result(id: number, state: ResultView['state']): ResultView {
  return {
    ...{ id, photoId: 10 + id, name: `IMG_${id}.jpg`, state, modelId: 'photo-x2', width: 6000, height: 3000, strength: null },
    ...{ createdMs: 0, readyMs: 0, failure: null, cached: true, outdated: false },
    recipe: { version: 1, model: null, target: { kind: 'scale', scale: 2 }, denoise: 'auto' },
  };
}

/** Files as a host would plan them: a million bytes at quality 95, less below. */
function planned({ choice, settings }: Question) {
  const photoIds = choice === undefined ? results.map(({ photoId }) => photoId) : 'ids' in choice ? choice.ids : [11];
  const files = results
    .filter(({ photoId }) => photoIds.includes(photoId))
    .map(({ id }) => ({
      resultId: id,
      name: settings.template.replace('{name}', `IMG_${id}`),
      width: 6000,
      height: 3000,
      bytes: 1e6 * ((settings.quality ?? 95) / 95),
    }));
  return { files, refused: [], freeBytes: 5e9, failure: null };
}

async function opened(more: Overrides = {}, hash = '#/export') {
  const overrides: Overrides = {
    ...more,
    review: { list: ({ state }) => ({ results: results.filter((one) => one.state === state) }), ...more.review },
    host: { recent: { sources: [], targets: [folder] }, ...more.host },
    export: { preview: planned, ...more.export },
  };
  const made = await openTestApp({ overrides, hash });
  const screen = await render(WithApp, { props: { app: made.app, component: ExportView, props: {} } });
  return { ...made, screen };
}

const start = /^Export \d/;

beforeEach(() => setLanguage('en'));

describe('the export', () => {
  test('offers what is new, in the folder used before, and says how much it is', async () => {
    const { screen } = await opened();
    await expect.element(screen.getByRole('radio', { name: 'Not exported yet' })).toBeChecked();
    await expect.element(screen.getByText('/home/me/Prints')).toBeVisible();
    await expect.element(screen.getByRole('button', { name: start })).toHaveTextContent('Export 2 photos');
    await expect.element(screen.getByText('about 2 MB')).toBeVisible();
    await expect.element(screen.getByText('5 GB')).toBeVisible();
  });

  test('asks for each state of the fields once, not again and again', async () => {
    const { screen, calls } = await opened();
    await expect.element(screen.getByRole('button', { name: start })).toBeEnabled();
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(calls.filter(({ call }) => call === 'export.preview')).toHaveLength(1);
  });

  test('shows at once what another quality means', async () => {
    const { screen } = await opened();
    await screen.getByRole('radio', { name: 'JPEG' }).click();
    const slider = screen.getByRole('slider', { name: 'Quality' });
    await expect.element(slider).toHaveAttribute('aria-valuetext', '95 · about 1 MB a photo');
    slider.element().focus();
    await userEvent.keyboard('{PageDown}{PageDown}');
    await expect.element(slider).toHaveAttribute('aria-valuetext', '75 · about 789 kB a photo');
    await screen.getByRole('radio', { name: 'PNG' }).click();
    await expect.element(slider).not.toBeInTheDocument();
  });

  test('shows the names of the real photos, and what is wrong with a template', async () => {
    const { screen } = await opened();
    const field = screen.getByLabelText('File names');
    await field.fill('web/{name}');
    await expect.element(screen.getByText('web/IMG_1')).toBeVisible();
    await field.fill('web/{camera}');
    await expect.element(field).toHaveAccessibleDescription('{camera} is not known. The buttons below show what there is.');
    await expect.element(screen.getByRole('button', { name: start })).toBeDisabled();
  });

  test('puts a part of a name where the cursor is', async () => {
    const { screen } = await opened();
    const field = screen.getByLabelText('File names');
    await field.fill('a-b');
    (field.element() as HTMLInputElement).setSelectionRange(2, 2);
    await screen.getByRole('button', { name: 'Date' }).click();
    await expect.element(field).toHaveValue('a-{date}b');
    await expect.element(field).toHaveFocus();
  });

  test('takes other photos', async () => {
    const { screen } = await opened();
    await screen.getByRole('radio', { name: 'Everything accepted' }).click();
    await expect.element(screen.getByRole('button', { name: start })).toHaveTextContent('Export 3 photos');
  });

  test('begins with an album that the address names', async () => {
    const album = { name: 'Norway', photos: 4, createdMs: 0 };
    const { screen, calls } = await opened({ album: { list: { albums: [album] } } }, '#/export?album=Norway');
    await expect.element(screen.getByRole('radio', { name: 'An album' })).toBeChecked();
    await expect.element(screen.getByLabelText('Album', { exact: true })).toHaveValue('Norway');
    await expect
      .poll(() => calls.findLast(({ call }) => call === 'export.preview')?.params)
      .toMatchObject({ choice: { album: 'Norway' } });
  });

  test('says what is refused, and why, and leaves it out', async () => {
    const refused = [{ resultId: 2, failure: { code: 'too-large', message: 'WebP cannot hold it.' } as const }];
    const { screen } = await opened({
      export: { preview: (question) => ({ ...planned(question), files: planned(question).files.slice(0, 1), refused }) },
    });
    await screen.getByText('1 photo cannot be exported like this').click();
    await expect.element(screen.getByText('IMG_2.jpg WebP cannot hold it.')).toBeVisible();
    await expect.element(screen.getByRole('button', { name: start })).toHaveTextContent('Export 1 photo');
  });

  test('does not begin where there is too little room', async () => {
    const failure = { code: 'disk-full', message: 'About 2 GB are needed, 3 MB are free.' } as const;
    const { screen } = await opened({ export: { preview: (question) => ({ ...planned(question), failure }) } });
    await expect.element(screen.getByRole('alert')).toHaveTextContent('About 2 GB are needed, 3 MB are free.');
    await expect.element(screen.getByRole('button', { name: start })).toBeDisabled();
  });

  test('needs a folder, by the dialog of the system where there is one', async () => {
    const about = { version: '1', kind: 'desktop', choosing: 'dialog', reveals: true, libraryPath: '', cachePath: '' } as const;
    const { screen } = await opened({ host: { recent: { sources: [], targets: [] }, about, choose: { chosen: [folder] } } });
    await expect.element(screen.getByText('Choose a folder first.')).toBeVisible();
    await expect.element(screen.getByRole('button', { name: start })).toBeDisabled();
    await screen.getByRole('button', { name: 'Choose a folder' }).click();
    await expect.element(screen.getByText('/home/me/Prints')).toBeVisible();
    await expect.element(screen.getByRole('button', { name: start })).toBeEnabled();
  });

  test('leads to the review while nothing is accepted', async () => {
    const { screen, app } = await opened({ review: { list: { results: [] } } });
    await expect.element(screen.getByRole('heading', { name: 'Nothing to export yet' })).toBeVisible();
    await screen.getByRole('button', { name: 'Go to the review' }).click();
    expect(app.router.route.view).toBe('review');
  });
});

describe('an export that was begun', () => {
  const added = { jobs: [1, 2], skipped: [{ resultId: 3, reason: 'already exported', path: '/out/IMG_3.jpg' }], refused: [] };
  const job = { kind: 'export', priority: 100, fraction: 1 } as const;

  async function begun(more: Overrides['export'] = {}) {
    const made = await opened({
      export: { add: added, ...more },
      preferences: { set: (changes) => ({ ...usualPreferences, export: changes.export ?? null }) },
    });
    await made.screen.getByRole('button', { name: start }).click();
    await expect.element(made.screen.getByRole('progressbar', { name: 'Export' })).toBeVisible();
    return made;
  }

  test('is remembered for the next one', async () => {
    const { app } = await begun();
    await expect.poll(() => app.preferences.current.export?.template).toBe('{name}');
  });

  test('tells what came of every photo, and how to go on', async () => {
    const outcomes = [{ jobId: 1, resultId: 1, path: '/home/me/Prints/IMG_1.jpg', skipped: null }];
    const { screen, events, calls } = await begun({ outcomes: { outcomes } });
    await expect.element(screen.getByText('0 of 2 files')).toBeVisible();
    events.emit('job', { ...job, id: 1, photoId: 11, resultId: 1, name: 'IMG_1.jpg', status: { state: 'done' } });
    const failure = { code: 'conflict', message: 'It would replace an original.' } as const;
    events.emit('job', {
      ...job,
      id: 2,
      photoId: 12,
      resultId: 2,
      name: 'IMG_2.jpg',
      status: { state: 'failed', failure, attempts: 1 },
    });
    await expect.element(screen.getByRole('status')).toHaveTextContent('1 photo exported');
    await expect.element(screen.getByText('IMG_2.jpg It would replace an original.')).toBeVisible();
    await expect.element(screen.getByText('IMG_3.jpg was exported like this before: /out/IMG_3.jpg')).toBeVisible();
    await screen.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => calls.at(-1)).toEqual({ call: 'queue.retry', params: { ids: [2] } });
    await screen.getByRole('button', { name: 'Export again with other settings' }).click();
    await expect.element(screen.getByRole('radio', { name: 'The same photos again' })).toBeChecked();
    await expect.element(screen.getByRole('button', { name: start })).toHaveTextContent('Export 3 photos');
  });

  test('that the host refuses leaves everything as it was', async () => {
    const { screen, app } = await opened({ export: { add: new EnlargerError('not-writable', 'The folder is read-only.') } });
    await screen.getByRole('button', { name: start }).click();
    await expect.poll(() => app.toasts.shown.map(({ text }) => text)).toEqual(['The folder is read-only.']);
    await expect.element(screen.getByRole('button', { name: start })).toBeEnabled();
    expect(app.preferences.current.export).toBeNull();
  });
});
