import { rmSync, symlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LiveHost } from '../../../core/host/live-host.ts';
import { recipe } from '../../fixtures/facts.ts';
import { livePlace, type LivePlace } from '../../fixtures/live-place.ts';

let place: LivePlace;
beforeEach(() => {
  place = livePlace();
});
afterEach(async () => {
  await place.remove();
});

const soon = { timeout: 10_000, interval: 20 };

/** A photo that was added, enhanced, accepted and exported to the folder `out`. */
async function exported(host: LiveHost, template = '{name}'): Promise<{ photoId: number; jobId: number; path: string }> {
  const path = place.put('a.jpg');
  const { client, grants } = host;
  const { ids } = await client.library.add({ grants: [grants.issue(place.space.path('photos'))] });
  await expect.poll(async () => (await client.library.some({ ids })).photos[0]?.width, soon).not.toBeNull();
  await client.queue.add({ choice: { ids }, recipe: recipe() });
  await expect.poll(async () => (await client.review.list({ state: 'ready' })).results.length, soon).toBe(1);
  await client.review.accept({});
  const { jobs } = await client.export.add({ folder: grants.issue(place.space.path('out')), settings: { template } });
  await expect.poll(async () => (await client.review.list({ state: 'exported' })).results.length, soon).toBe(1);
  return { photoId: ids[0]!, jobId: jobs[0]!, path };
}

describe('a host tells of itself', () => {
  it('what it is, and what it can do', async () => {
    const browser = await place.open();
    expect(await browser.client.host.about()).toEqual({
      version: '1.2.3',
      kind: 'browser',
      choosing: 'browse',
      reveals: false,
      libraryPath: place.space.path('library'),
      cachePath: place.space.path('library/cache'),
    });
    await browser.close();
    const shell = { kind: 'desktop', choose: () => Promise.resolve([]), reveal: () => Promise.resolve() } as const;
    const desktop = await place.open({ shell });
    expect(await desktop.client.host.about()).toMatchObject({ kind: 'desktop', choosing: 'dialog', reveals: true });
  });
});

describe('choosing', () => {
  it('issues words for what the dialog answered, by which it can be added', async () => {
    const path = place.put('a.jpg');
    const asked: string[] = [];
    const choose = (what: string): Promise<string[]> => Promise.resolve(asked.push(what) > 1 ? [] : [path]);
    const { client } = await place.open({ shell: { choose } });
    const { chosen } = await client.host.choose({ what: 'photos' });
    expect(chosen).toMatchObject([{ name: 'a.jpg', path }]);
    expect((await client.library.add({ grants: [chosen[0]!.grant] })).added).toBe(1);
    expect(await client.host.choose({ what: 'folder' })).toEqual({ chosen: [] });
    expect(asked).toEqual(['photos', 'folder']);
  });

  it('is refused where there is no dialog, and browsing where there are no roots', async () => {
    const { client, grants } = await place.open();
    await expect(client.host.choose({ what: 'photos' })).rejects.toMatchObject({ code: 'not-found' });
    expect(await client.host.browse({ folder: null })).toEqual({ folder: null, parents: [], folders: [], photos: 0 });
    const folder = grants.issue(place.space.root);
    await expect(client.host.browse({ folder })).rejects.toMatchObject({ code: 'not-found' });
    await expect(client.host.makeFolder({ folder, name: 'new' })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('goes from the roots to a folder that is made there, and takes no path for a word', async () => {
    const { client } = await place.open({ shell: { roots: [place.space.root] } });
    const { folders } = await client.host.browse({ folder: null });
    const made = await client.host.makeFolder({ folder: folders[0]!.grant, name: ' out ' });
    expect(made).toMatchObject({ name: 'out', path: place.space.path('out') });
    expect((await client.host.browse({ folder: made.grant })).folder).toEqual(made);
    await expect(client.host.browse({ folder: place.space.root })).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('recent folders', () => {
  it('are those that photos came from and exports went to, as long as they are there', async () => {
    const host = await place.open();
    await exported(host, '{name}/{model}/{name}');
    expect(place.space.list('out')).toEqual(['a/test-x2/a.jpg']);
    expect(await host.client.host.recent()).toMatchObject({
      sources: [{ name: 'photos', path: place.space.path('photos') }],
      targets: [{ name: 'out', path: place.space.path('out') }],
    });
    rmSync(place.space.path('out'), { recursive: true });
    expect((await host.client.host.recent()).targets).toEqual([]);
  });

  it('are none outside of the roots, also by a link', async () => {
    const host = await place.open({ shell: { roots: [place.space.path('photos')] } });
    await exported(host);
    symlinkSync(place.space.path('out'), place.space.path('photos/link'));
    expect(await host.client.host.recent()).toMatchObject({ sources: [{ name: 'photos' }], targets: [] });
  });
});

describe('showing a file', () => {
  it('shows a photo, and what an export wrote', async () => {
    const shown: string[] = [];
    const host = await place.open({ shell: { reveal: (path) => Promise.resolve(void shown.push(path)) } });
    const { photoId, jobId, path } = await exported(host);
    await host.client.host.reveal({ photoId });
    await host.client.host.reveal({ exportJobId: jobId });
    expect(shown).toEqual([path, place.space.path('out/a.jpg')]);
  });

  it('is refused for what is not there, and where nothing can be shown', async () => {
    const shown: string[] = [];
    const host = await place.open({ shell: { reveal: (path) => Promise.resolve(void shown.push(path)) } });
    const { photoId } = await exported(host);
    const { jobs } = await host.client.queue.jobs({ kinds: ['enhance'] });
    await expect(host.client.host.reveal({ photoId: 99 })).rejects.toMatchObject({ code: 'not-found' });
    for (const exportJobId of [99, jobs[0]!.id])
      await expect(host.client.host.reveal({ exportJobId })).rejects.toMatchObject({ code: 'not-found' });
    rmSync(place.space.path('photos/a.jpg'));
    await host.client.library.rescan();
    await expect(host.client.host.reveal({ photoId })).rejects.toMatchObject({ code: 'not-found' });
    expect(shown).toEqual([]);
    await host.close();
    const blind = await place.open();
    await expect(blind.client.host.reveal({ photoId })).rejects.toMatchObject({ code: 'not-found' });
  });
});
