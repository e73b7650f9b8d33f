/** The real server over a library of its own, as a child process, for tests and for looking at the window. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { createClient, type Client } from '../../core/api/client.ts';
import { failureSchema } from '../../core/photo/failure.ts';

export interface TestServerOptions {
  /** Files and folders that are copied beneath the root and added to the library before anything is shown. */
  readonly photos?: readonly string[];
  /** Folder of a library that is there already. Default: a new one, gone with the server. */
  readonly library?: string;
  /** Default: any that is free. */
  readonly port?: number;
  /** More variables for the server's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface TestServer {
  readonly url: string;
  /** The one folder that may be browsed; photos lie in `photos` beneath it. */
  readonly root: string;
  readonly library: string;
  /** The contract, over the same door as the window's. */
  readonly client: Client;
  /** What it said to people so far. */
  said(): string;
  /** Resolves when nothing is left to look at and nothing that was asked for is left to do. */
  idle(): Promise<void>;
  /** Ends it as Ctrl-C does and removes its folders; once, however often it is called. Rejects when it did not end well. */
  stop(): Promise<void>;
}

const command = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
const endWithParent = new URL('../fixtures/end-with-parent.ts', import.meta.url).href;
const idlePollMs = 100;

/** Starts it; the window is built before when it is stale. It ends with this process at the latest. Rejects with what it said when it ends instead. */
export async function startTestServer({ photos = [], library, port = 0, env = {} }: TestServerOptions = {}): Promise<TestServer> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'enlarger-window-')));
  const root = join(folder, 'home');
  const libraryFolder = library ?? join(folder, 'library');
  await mkdir(join(root, 'photos'), { recursive: true });
  for (const photo of photos) await cp(photo, join(root, 'photos', basename(photo)), { recursive: true });

  const args = ['serve', '--json', '--library', libraryFolder, '--root', root, '--port', String(port)];
  const child = spawn(process.execPath, ['--import', endWithParent, command, ...args], {
    cwd: folder,
    env: { ...process.env, NODE_OPTIONS: '', ENLARGER_MODELS: '', ENLARGER_CACHE: join(folder, 'state'), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = once(child, 'close').then(([code]: unknown[]) => code);

  const url = await listening(child, ended, () => said);
  const client = createClient(sendTo(url));
  if (photos.length > 0) await addAll(client);
  const end = async (): Promise<void> => {
    child.kill('SIGINT');
    const code = await ended;
    await rm(folder, { recursive: true, force: true });
    if (code !== 0) throw new Error(`The server ended with ${String(code)}:\n${said}`);
  };
  let stopping: Promise<void> | undefined;
  return {
    ...{ url, root, client, library: libraryFolder },
    idle: () => idleOf(client),
    said: () => said,
    stop: () => (stopping ??= end()),
  };
}

/** Resolves when the program behind a client has nothing left to do. */
export async function idleOf(client: Client): Promise<void> {
  for (;;) {
    const { looking, counts } = await client.queue.status();
    if (looking.settled === looking.jobs && counts.queued + counts.running === 0) return;
    await new Promise((resolve) => setTimeout(resolve, idlePollMs));
  }
}

async function listening(child: ChildProcess, ended: Promise<unknown>, said: () => string): Promise<string> {
  if (child.stdout === null) throw new Error('The server has no stdout.');
  const [line] = (await Promise.race([
    once(createInterface(child.stdout), 'line'),
    ended.then((code) => {
      throw new Error(`The server ended with ${String(code)} before it listened:\n${said()}`);
    }),
  ])) as [string];
  return z.object({ type: z.literal('listening'), url: z.url() }).parse(JSON.parse(line)).url;
}

const outcomeSchema = z.union([
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), failure: failureSchema }),
]);

function sendTo(url: string): Parameters<typeof createClient>[0] {
  return async (noun, verb, params) => {
    const answer = await fetch(new URL(`api/${noun}.${verb}`, url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(params),
    });
    return outcomeSchema.parse(await answer.json());
  };
}

/** Adds the folder `photos` beneath the root, as the folder browser would. */
async function addAll(client: Client): Promise<void> {
  const [root] = (await client.host.browse({ folder: null })).folders;
  const { folders } = await client.host.browse({ folder: root?.grant ?? null });
  const photos = folders.find(({ name }) => name === 'photos');
  if (photos === undefined) throw new Error('The folder of the photos cannot be browsed.');
  await client.library.add({ grants: [photos.grant] });
}
