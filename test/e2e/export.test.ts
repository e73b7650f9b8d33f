import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { EventValue } from '../../core/api/contract.ts';
import { exportTwice } from './journeys/export.ts';
import { enhanceAll } from './prepared.ts';
import { albumForTests, describeWindow, onStage } from './stage.ts';

const album = albumForTests('export');

describeWindow('exporting', () => {
  it('writes what was accepted; another format later runs no network', async () => {
    const files = await album(2);
    await onStage({ photos: files }, async (stage) => {
      const { client, page, server } = stage;
      const prints = join(server.root, 'prints');
      await mkdir(prints);
      await enhanceAll(server);
      await client.review.accept({});
      const jobs = await heardJobs(server.url);
      await exportTwice(stage, 'prints', files.length, async () => await readdir(prints));
      jobs.close();
      expect(jobs.kinds()).toEqual(['export']);
      await stage.window.screenshot('export-done');
      expect(await page.getByRole('alert').count()).toBe(0);
    });
  });
});

/** Listens, as a window does, to what is worked on. */
async function heardJobs(url: string): Promise<{ kinds: () => string[]; close: () => void }> {
  const kinds = new Set<string>();
  const { origin } = new URL(url);
  const { WebSocket: Socket } = await import('ws');
  const socket = new Socket(`${url.replace('http', 'ws')}events`, { origin });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.on('message', (data: Buffer) => {
    const news = JSON.parse(data.toString()) as { event: string; value: EventValue<'job'> };
    if (news.event === 'job') kinds.add(news.value.kind);
  });
  return { kinds: () => [...kinds], close: () => socket.close() };
}
