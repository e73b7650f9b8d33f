import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { copiedCheckout } from '../../fixtures/copied-checkout.ts';

const copy = copiedCheckout();

interface Run {
  readonly code: number | null;
  readonly stderr: string;
  /** What the page was, while it ran. */
  readonly page: string;
}

const serveOnce = async (): Promise<Run> => {
  const args = ['serve', '--json', '--library', join(copy, 'library'), '--root', copy];
  const child = spawn(process.execPath, [join(copy, 'cli/main.ts'), ...args], {
    env: { ...process.env, NODE_OPTIONS: '', ENLARGER_CACHE: join(copy, 'state') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const closed = once(child, 'close');
  const line = await Promise.race([once(createInterface(child.stdout), 'line'), closed]);
  let page = '';
  if (typeof line[0] === 'string') {
    page = await (await fetch((JSON.parse(line[0]) as { url: string }).url)).text();
    child.kill('SIGINT');
  }
  const [code] = (await closed) as [number | null];
  return { code, stderr, page };
};
const building = 'enlarger: building the window …';

it('a checkout builds the window before it serves it, and only when that is stale', async () => {
  const first = await serveOnce();
  expect(first.stderr).toContain(building);
  expect([first.code, first.page.includes('<title>Enlarger</title>')]).toEqual([0, true]);
  expect((await serveOnce()).stderr).not.toContain(building);

  const page = join(copy, 'renderer/index.html');
  const later = new Date(statSync(page).mtimeMs + 5000);
  writeFileSync(page, '<!doctype html><title>Changed</title>');
  utimesSync(page, later, later);
  const changed = await serveOnce();
  expect(changed.stderr).toContain(building);
  expect(changed.page).toContain('<title>Changed</title>');
});

it('a window that cannot be built is not served, not even the old one', async () => {
  writeFileSync(join(copy, 'renderer/index.html'), '<!doctype html><script type="module" src="./gone.ts"></script>');
  const { code, stderr, page } = await serveOnce();
  expect([code, page]).toEqual([1, '']);
  expect(stderr).toMatch(/gone\.ts/);
  expect(stderr).toContain('enlarger: The window could not be built; the reason is said above.');
});

it('a packaged program serves the window that it has', async () => {
  rmSync(join(copy, 'build'), { recursive: true });
  const { code, stderr, page } = await serveOnce();
  expect([code, page.includes('<title>Changed</title>')]).toEqual([0, true]);
  expect(stderr).not.toContain(building);
  expect(existsSync(join(copy, 'out/renderer/index.html'))).toBe(true);
});
