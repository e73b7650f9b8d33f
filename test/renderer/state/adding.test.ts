import { describe, expect, it, vi } from 'vitest';
import type { Result } from '../../../core/api/contract.ts';
import { EnlargerError } from '../../../core/photo/failure.ts';
import { openTestApp, type TestAppOptions } from '../test-app.ts';

type Added = Result<'library', 'add'>;
const nothing: Added = {
  ...{ files: 0, added: 0, changed: 0, moved: 0, missing: 0, returned: 0, unchanged: 0 },
  ...{ skipped: [], offlineRoots: [], ids: [], failed: [] },
};
const about = { version: '1', kind: 'browser', reveals: false, libraryPath: '/l', cachePath: '/c' } as const;
const place = { grant: 'word', name: 'Norway', path: '/photos/Norway' };

async function adding(added: Partial<Added>, options: TestAppOptions = {}) {
  const test = await openTestApp({
    ...options,
    overrides: { library: { add: { ...nothing, ...added } }, ...options.overrides },
  });
  const texts = (): string[] => test.app.toasts.shown.map(({ text }) => text);
  const asked = (): unknown[] => test.calls.filter(({ call }) => call === 'library.add').map(({ params }) => params);
  return { ...test, texts, asked };
}

describe('adding photos', () => {
  it('says how many there are now', async () => {
    const { app, texts, asked } = await adding({ added: 12, ids: [1] });
    await app.adding.add(['word'], { watch: true });
    expect(texts()).toEqual(['12 photos added.']);
    expect(asked()).toEqual([{ grants: ['word'], recursive: true, watch: true }]);
  });

  it('tells known photos from none', async () => {
    const known = await adding({ unchanged: 3, ids: [1, 2, 3] });
    await known.app.adding.add(['word']);
    expect(known.texts()).toEqual(['Nothing new: 3 photos are there, and all are in the library already.']);
    const empty = await adding({});
    await empty.app.adding.add(['word']);
    expect(empty.texts()).toEqual(['There are no photos there.']);
  });

  it('tells what was left out in the same line, and why when asked', async () => {
    const leftOut = {
      skipped: [{ path: '/a/link', reason: { code: 'link' as const } }],
      failed: [{ path: '/a/b.jpg', failure: { code: 'damaged' as const, message: 'The file is damaged.' } }],
    };
    const { app, texts } = await adding({ added: 1, ids: [1], ...leftOut });
    await app.adding.add(['word']);
    expect(texts()).toEqual(['1 photo added. 2 files left out.']);
    app.toasts.shown[0]?.action?.run();
    expect(app.adding.leftOut).toEqual(leftOut);
  });

  it('asks for nothing when nothing was chosen', async () => {
    const { app, texts, asked } = await adding({});
    await app.adding.choose('folder');
    expect([asked(), texts()]).toEqual([[], []]);
  });

  it('takes what the dialog of the system gives', async () => {
    const { app, asked } = await adding({ added: 1 }, { overrides: { host: { choose: { chosen: [place] } } } });
    await app.adding.choose('photos');
    await vi.waitFor(() => expect(asked()).toEqual([{ grants: ['word'], recursive: true, watch: false }]));
  });

  it('watches a folder that is chosen as one', async () => {
    const { app, asked } = await adding({ added: 1 }, { overrides: { host: { choose: { chosen: [place] } } } });
    await app.adding.choose('folder');
    await vi.waitFor(() => expect(asked()).toEqual([{ grants: ['word'], recursive: true, watch: true }]));
  });

  it('opens the folder browser where there is no such dialog', async () => {
    const { app, calls } = await adding({}, { overrides: { host: { about: { ...about, choosing: 'browse' } } } });
    expect(app.adding.choosesPhotos).toBe(false);
    await app.adding.choose('folder');
    expect(app.adding.browser).toBe('open');
    expect(calls.some(({ call }) => call === 'host.choose')).toBe(false);
  });

  it('takes what is dropped, or says how to choose it where a drop does not tell where it lies', async () => {
    const desktop = await adding({ added: 1 }, { bridge: { grantDropped: () => Promise.resolve(['dropped']) } });
    await desktop.app.adding.drop([new File([], 'a.jpg')]);
    expect(desktop.asked()).toEqual([{ grants: ['dropped'], recursive: true, watch: false }]);
    const browser = await adding({}, { bridge: { grantDropped: () => Promise.resolve(null) } });
    await browser.app.adding.drop([new File([], 'a.jpg')]);
    expect(browser.app.adding.browser).toBe('instead-of-drop');
  });

  it('takes what the user opens with the program', async () => {
    const { events, asked } = await adding({ added: 1 });
    events.emit('opened', { places: [place] });
    await vi.waitFor(() => expect(asked()).toHaveLength(1));
  });

  it('follows the search for photos', async () => {
    const { app, events } = await adding({});
    events.emit('scan', { running: true, found: 40 });
    expect(app.adding.scan).toEqual({ running: true, found: 40 });
  });

  it('tells a refusal', async () => {
    const refusal = new EnlargerError('not-found', 'This folder was not chosen.');
    const { app, texts } = await adding({}, { overrides: { library: { add: refusal } } });
    await app.adding.add(['word']);
    expect(texts()).toEqual(['This folder was not chosen.']);
  });
});
