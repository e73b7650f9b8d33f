import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { describeWindow } from './stage.ts';

const folder = temporaryFolder('left-over');
const server = fileURLToPath(new URL('./server.ts', import.meta.url));
const startAndWait = `
  const { startTestServer } = await import(${JSON.stringify(server)});
  console.log((await startTestServer()).url);
  setInterval(() => undefined, 1000);
`;

describeWindow('a server of a test', () => {
  it('ends when its test is killed', async () => {
    const test = spawn(process.execPath, ['--input-type=module', '--eval', startAndWait], {
      stdio: ['ignore', 'pipe', 'inherit'],
      // Nobody is left to remove its folders.
      env: { ...process.env, NODE_OPTIONS: '', TMPDIR: folder.path },
    });
    const [url] = (await once(createInterface(test.stdout), 'line')) as [string];
    expect((await fetch(url)).status).toBe(200);
    test.kill('SIGKILL');
    await expect
      .poll(
        () =>
          fetch(url).then(
            () => 'there',
            () => 'gone',
          ),
        { timeout: 10_000 },
      )
      .toBe('gone');
  });
});
