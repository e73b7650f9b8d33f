/**
 * Runs in a process of its own, as `node drive-packed.ts <packed program> <resources> <photo> <export folder>`: starts the packed main process over a
 * double of Electron, enlarges the photo and exports it, and ends as a user would. Writes what came of it as one line of JSON.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createClient } from '../../../core/api/client.ts';
import type { Outcome } from '../../../core/photo/failure.ts';
import { channels } from '../../../electron/channels.ts';
import type * as Fake from '../../electron/fake-electron.ts';

const [program = '', resources = '', photo = '', target = ''] = process.argv.slice(2);
const stepLimitMs = 90_000;

// The bundle imports `electron`, as everywhere; here it finds the double.
const double = path.join(program, 'node_modules', 'electron');
const fake = new URL('../../electron/', import.meta.url);
mkdirSync(double, { recursive: true });
writeFileSync(path.join(double, 'package.json'), JSON.stringify({ name: 'electron', type: 'module', exports: './index.js' }));
writeFileSync(
  path.join(double, 'index.js'),
  `export * from ${JSON.stringify(new URL('fake-electron.ts', fake).href)};\n` +
    `export { nodeUtilityProcess as utilityProcess } from ${JSON.stringify(new URL('fake/utility-process.ts', fake).href)};\n`,
);

const { app, BrowserWindow, dialog, invoke, protocol } = (await import(
  new URL('fake-electron.ts', fake).href
)) as unknown as typeof Fake;
app.isPackaged = true;
app.appPath = program;
app.paths.set('userData', path.dirname(photo));
app.switches.set('user-data-dir', '');
Object.defineProperty(process, 'resourcesPath', { value: resources });
process.argv = [process.execPath];

await import(pathToFileURL(path.join(program, 'out', 'electron', 'main.js')).href);
app.becomeReady();
await until(() => BrowserWindow.made.length > 0 || dialog.errors.length > 0);
if (dialog.errors.length > 0) throw new Error(JSON.stringify(dialog.errors));

const { webContents } = BrowserWindow.made[0]!;
const ask = (channel: string, ...args: unknown[]): Promise<unknown> =>
  invoke({ sender: webContents, senderFrame: webContents.mainFrame }, channel, ...args);
const client = createClient(async (noun, verb, params) => (await ask(channels.call, noun, verb, params)) as Outcome<unknown>);
const grant = async (file: string): Promise<string> => {
  const outcome = (await ask(channels.grantDropped, [file])) as { value: string[] };
  return outcome.value[0]!;
};
const settled = async (): Promise<boolean> => {
  const { whole } = await client.queue.status();
  if (whole.failed > 0) throw new Error(JSON.stringify(await client.queue.jobs({})));
  return whole.jobs > 0 && whole.settled === whole.jobs;
};

const index = await protocol.handlers.get('enlarger')?.(new Request('enlarger://app/index.html'));
const { models, problems } = await client.model.list();
const { ids } = await client.library.add({ grants: [await grant(photo)] });
const recipe = { version: 1, model: null, target: { kind: 'scale', scale: 2 }, denoise: 'auto' } as const;
const asked = { choice: { ids }, recipe };
// A photo is looked at before it can be enlarged.
await until(async () => (await client.queue.plan(asked)).refused.length === 0);
await client.queue.add(asked);
await until(settled);
await client.review.accept();
await client.export.add({ folder: await grant(target), settings: {} });
await until(settled);
app.quit();
await until(() => app.hasQuit);

const report = {
  pageStatus: index?.status,
  preload: BrowserWindow.made[0]!.options.webPreferences?.preload,
  models: models.map(({ id }) => id),
  problems,
  photos: ids.length,
};
process.stdout.write(`${JSON.stringify(report)}\n`);
process.exit(0);

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const startMs = performance.now();
  while (!(await holds())) {
    if (performance.now() - startMs > stepLimitMs) throw new Error(`waited in vain: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
