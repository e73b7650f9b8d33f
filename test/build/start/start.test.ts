import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { copiedCheckout } from '../../fixtures/copied-checkout.ts';

const root = copiedCheckout();
const bin = path.join(root, 'bin');
/** A program that writes down what it was started with, and ends as it is told. */
const program = async (name: string, code: number): Promise<void> => {
  await mkdir(bin, { recursive: true });
  await writeFile(path.join(bin, name), `#!/bin/sh\nprintf '%s\\n' "$@" > '${bin}/${name}.args'\nexit ${String(code)}\n`);
  await chmod(path.join(bin, name), 0o755);
};
const given = (name: string): Promise<string[]> =>
  vi.waitFor(async () => (await readFile(path.join(bin, `${name}.args`), 'utf8')).trimEnd().split('\n'), {
    timeout: 60_000,
    interval: 100,
  });

const start = (args: readonly string[], env: Readonly<Record<string, string>>) => {
  const child = spawn(process.execPath, [path.join(root, 'build/start.ts'), ...args], {
    cwd: root,
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      ENLARGER_CACHE: path.join(root, 'state'),
      PATH: `${bin}:${process.env['PATH'] ?? ''}`,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const code = once(child, 'close').then(([ended]: unknown[]) => ended);
  return { child, code, said: () => said };
};
const library = path.join(root, 'library');

describe.runIf(process.platform === 'linux')('npm start', () => {
  it('without Electron says so, serves and opens the browser', async () => {
    await program('xdg-open', 0);
    const run = start(['--library', library], { DISPLAY: ':99', ELECTRON_OVERRIDE_DIST_PATH: '/nowhere' });
    const [address = ''] = await given('xdg-open');
    expect((await fetch(address)).status).toBe(200);
    run.child.kill('SIGINT');
    expect(await run.code).toBe(0);
    expect(run.said()).toContain("enlarger: No window of its own here: Electron's program is not installed");
    expect(run.said()).toContain(`Enlarger is at ${new URL('/', address).href}`);
  });

  it('without a display says so and prints the address', async () => {
    await program('electron', 0);
    const run = start(['--library', library], { DISPLAY: '', WAYLAND_DISPLAY: '', ELECTRON_OVERRIDE_DIST_PATH: bin });
    await vi.waitFor(() => expect(run.said()).toContain('Enlarger is at http://127.0.0.1:'), { timeout: 60_000 });
    run.child.kill('SIGTERM');
    expect(await run.code).toBe(0);
    expect(run.said()).toContain('enlarger: No window of its own here: there is no display.\n');
    expect(existsSync(path.join(bin, 'electron.args'))).toBe(false);
  });

  it('with both builds the desktop program, opens it, and ends as it ends', async () => {
    await program('electron', 7);
    const run = start(['--library', library, 'a.jpg'], { DISPLAY: ':99', ELECTRON_OVERRIDE_DIST_PATH: bin });
    expect(await run.code, run.said()).toBe(7);
    const out = path.join(root, 'out');
    expect(await given('electron')).toEqual([out, `--library=${library}`, 'a.jpg']);
    const { main } = JSON.parse(await readFile(path.join(out, 'package.json'), 'utf8')) as { main: string };
    for (const file of [main, 'renderer/index.html']) expect(existsSync(path.join(out, file))).toBe(true);
  });
});
