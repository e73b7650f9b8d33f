import { once } from 'node:events';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { greyJpeg } from '../../fixtures/photos.ts';
import { libraryHere, type LibraryHere } from '../library-here.ts';
import { interrupted, serving, type ServingCli } from './serving.ts';

let here: LibraryHere;
beforeAll(async () => {
  here = await libraryHere([greyJpeg], { width: 96, height: 64 });
});
afterAll(() => here.remove());

let running: ServingCli | null = null;
afterEach(async () => {
  // Only a test that failed leaves one.
  if (running?.child.exitCode === null) running.child.kill('SIGKILL');
  await running?.result;
});
const serve = async (args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<ServingCli> =>
  (running = await serving(['--root', here.photos, ...args], { cwd: here.root, env: { ...here.env, ...env } }));
const call = async (url: string, name: string, params: unknown = {}): Promise<unknown> => {
  const headers = { 'content-type': 'application/json' };
  return await (await fetch(`${url}api/${name}`, { method: 'POST', headers, body: JSON.stringify(params) })).json();
};

describe('enlarger serve', () => {
  it('prints one line with the address, for people or as JSON', async () => {
    const human = await serve();
    expect(human.line).toMatch(/^Enlarger is at http:\/\/127\.0\.0\.1:\d+\/[A-Za-z0-9_-]{32}\/$/);
    const { code, stdout, stderr } = await interrupted(human);
    expect([code, stdout]).toEqual([0, `${human.line}\n`]);
    expect(stderr).toContain('Ctrl-C ends it.');
    const json = await serve(['--json']);
    expect(JSON.parse(json.line)).toEqual({ type: 'listening', url: json.url });
    expect((await interrupted(json)).stdout).toBe(`${json.line}\n`);
  });

  it('serves page, library and pictures', async () => {
    const cli = await serve();
    expect(await (await fetch(cli.url)).text()).toContain('<title>Enlarger</title>');
    const browsed = (await call(cli.url, 'host.browse', { folder: null })) as {
      value: { folders: { grant: string; path: string }[] };
    };
    expect(browsed.value.folders.map(({ path }) => path)).toEqual([here.photos]);
    const added = await call(cli.url, 'library.add', { grants: [browsed.value.folders[0]!.grant] });
    expect(added).toMatchObject({ ok: true, value: { ids: [1] } });
    await vi.waitFor(
      async () => {
        const picture = await fetch(`${cli.url}media/thumbnail/1`);
        expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
      },
      { timeout: 30_000 },
    );
    expect((await interrupted(cli)).code).toBe(0);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'ends well by %s, with a page open, and lets go of the library',
    async (signal) => {
      const cli = await serve();
      const page = new WebSocket(`${cli.url.replace('http', 'ws')}events`);
      await once(page, 'open');
      const closed = once(page, 'close');
      const { code, stderr } = await interrupted(cli, signal);
      expect(code, stderr).toBe(0);
      await closed;
      expect((await here.run('library', 'list')).code).toBe(0);
      expect((await interrupted(await serve())).code).toBe(0);
    },
  );

  it('says plainly that another program has the library', async () => {
    const cli = await serve();
    const second = await here.run('serve', '--root', here.photos);
    expect([second.code, second.stdout]).toEqual([1, '']);
    expect(second.stderr.split('\n').filter((line) => line.startsWith('enlarger: '))).toEqual([
      expect.stringMatching(/^enlarger: .*library.*another/i),
    ]);
    expect((await fetch(cli.url)).status).toBe(200);
    await interrupted(cli);
  });

  it('takes the port that it is told, and says plainly that it is used', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const port = String((other.address() as AddressInfo).port);
    const refused = await here.run('serve', '--root', here.photos, '--port', port);
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toBe(
      `enlarger: Port ${port} is used by another program. Choose another with --port, or leave it out to get a free one.\n`,
    );
    await new Promise((resolve) => other.close(resolve));
    const cli = await serve(['--port', port]);
    expect(new URL(cli.url).port).toBe(port);
    await interrupted(cli);
  });

  it.each([
    [['--port', '65536'], /--port/],
    [['--port', 'http'], /--port/],
    [['--port', '-1'], /--port/],
    [['--root', 'nowhere'], /--root .*nowhere/],
    [['--root', 'photos/grey.jpg'], /--root .*grey\.jpg/],
    [['--library', ''], /--library/],
    [['photo.jpg'], /argument/],
  ])('refuses %j', async (args, says) => {
    const { code, stderr } = await here.run('serve', ...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(says);
  });
});

describe('--open', () => {
  const opener = async (): Promise<{ readonly env: Record<string, string>; readonly opened: () => Promise<string> }> => {
    const folder = join(here.root, 'bin');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'xdg-open'), `#!/bin/sh\nprintf '%s\\n' "$@" > '${folder}/opened'\n`);
    await chmod(join(folder, 'xdg-open'), 0o755);
    return {
      env: { PATH: `${folder}:${process.env['PATH'] ?? ''}`, DISPLAY: ':99' },
      opened: () => vi.waitFor(() => readFile(join(folder, 'opened'), 'utf8'), { timeout: 10_000 }),
    };
  };

  it.runIf(process.platform === 'linux')('hands the browser an address that is worth nothing once it was used', async () => {
    const { env, opened } = await opener();
    const cli = await serve(['--open'], env);
    const address = (await opened()).trim();
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[A-Za-z0-9_-]{32}$/);
    expect(cli.url).not.toContain(address);
    const first = await fetch(address);
    expect([first.status, first.url]).toEqual([200, cli.url]);
    expect((await fetch(address)).status).toBe(404);
    await interrupted(cli);
  });

  it.runIf(process.platform === 'linux')(
    'says that there is no browser where there is no display, and serves all the same',
    async () => {
      const cli = await serve(['--open'], { DISPLAY: '', WAYLAND_DISPLAY: '' });
      await cli.saw('No browser could be opened here');
      expect((await fetch(cli.url)).status).toBe(200);
      await interrupted(cli);
    },
  );
});
