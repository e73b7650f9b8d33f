import { request } from 'node:http';
import { expect, it } from 'vitest';
import { albumForTests, describeWindow, onStage } from './stage.ts';

const album = albumForTests('door');

describeWindow('without the whole address', () => {
  it('a browser with a wrong token, or none, gets no window and no picture', async () => {
    await onStage({ photos: await album(1) }, async ({ page, server }) => {
      await server.idle();
      const stranger = await page.context().newPage();
      const { origin, pathname } = new URL(server.url);
      const wrong = pathname.replace(/.(?=\/$)/, (last) => (last === 'A' ? 'B' : 'A'));
      for (const path of ['/', wrong, `${wrong}index.html`, `${wrong}media/thumbnail/1`, `${wrong}api/library.outline`]) {
        const answer = await stranger.goto(origin + path);
        expect([path, answer?.status()]).toEqual([path, 404]);
        expect(await stranger.locator('#app, img').count()).toBe(0);
      }
      expect((await stranger.goto(server.url))?.status()).toBe(200);
      await stranger.close();
    });
  });

  it('a name that only leads to this computer is refused, whatever token comes with it', async () => {
    await onStage({}, async ({ server }) => {
      const { port, pathname } = new URL(server.url);
      expect(await statusFor(Number(port), pathname, `127.0.0.1:${port}`)).toBe(200);
      for (const host of [
        'photos.example',
        `photos.example:${port}`,
        '127.0.0.1',
        `127.0.0.1:${Number(port) + 1}`,
        `[::1]:${port}`,
      ]) {
        expect([host, await statusFor(Number(port), pathname, host)]).toEqual([host, 403]);
      }
    });
  });
});

/** The status of the page for a request that says it means this host. */
async function statusFor(port: number, path: string, host: string): Promise<number | undefined> {
  return await new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.once('error', reject);
    asked.end();
  });
}
