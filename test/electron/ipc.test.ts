import { beforeAll, describe, expect, test, vi } from 'vitest';
import { createEvents } from '../../core/api/events.ts';
import { createGrants } from '../../core/api/grants.ts';
import type { LiveHost } from '../../core/host/live-host.ts';
import { answerCalls } from '../../electron/calls.ts';
import { channels } from '../../electron/channels.ts';
import { FakeWebContents, invoke, invokeChannels, type FakeFrame, type FakeSender } from './fake-electron.ts';

vi.mock('electron', () => import('./fake-electron.ts'));

const dispatched: unknown[][] = [];
let dispatchFails = false;
const grants = createGrants();
const events = createEvents();
const host = {
  dispatch: (...args: unknown[]) => {
    if (dispatchFails) return Promise.reject(new Error('the library cannot be opened'));
    dispatched.push(args);
    return Promise.resolve({ ok: true as const, value: 'answered' });
  },
  grants,
  events,
} as unknown as LiveHost;

const page: FakeFrame = { url: 'enlarger://app/index.html#/review', parent: null };
const from = (frame: FakeFrame | null): FakeSender => ({ sender: new FakeWebContents(), senderFrame: frame });

/** Right arguments for each channel, so that only the sender is wrong. */
const rightArguments: Record<string, unknown[]> = {
  [channels.call]: ['library', 'list', {}],
  [channels.listen]: [],
  [channels.grantDropped]: [['/photos/a.jpg']],
};

const strangers: Record<string, FakeFrame | null> = {
  'another scheme': { url: 'https://app/index.html', parent: null },
  'a local server': { url: 'http://127.0.0.1:8080/', parent: null },
  'a file': { url: 'file:///app/index.html', parent: null },
  'an empty page': { url: 'about:blank', parent: null },
  'no address': { url: '', parent: null },
  'no address at all': { url: 'enlarger', parent: null },
  'another host': { url: 'enlarger://evil/index.html', parent: null },
  'a host that begins like ours': { url: 'enlarger://app.evil/index.html', parent: null },
  'a host with a port': { url: 'enlarger://app:1/index.html', parent: null },
  'a user before the host': { url: 'enlarger://app@evil/index.html', parent: null },
  'a user before our host': { url: 'enlarger://evil@app/index.html', parent: null },
  'data that names us': { url: 'data:text/html,enlarger://app/', parent: null },
  'a blob of ours': { url: 'blob:enlarger://app/1', parent: null },
  'developer tools': { url: 'devtools://devtools/bundled/inspector.html', parent: null },
  'a frame in our page': { url: 'enlarger://app/index.html', parent: page },
  'a frame that is gone': null,
};

const malformed: Record<string, Record<string, unknown[]>> = {
  [channels.call]: {
    nothing: [],
    'only a noun': ['library'],
    'a noun that is a number': [1, 'list', {}],
    'a noun that is nothing': [null, 'list', {}],
    'a verb that is a list': ['library', ['list'], {}],
    'a verb that is an object': ['library', { toString: 'list' }, {}],
    'too much': ['library', 'list', {}, 'more'],
    'a list of all': [['library', 'list', {}]],
    'bytes for a noun': [new Uint8Array(8), 'list', {}],
    'a date for a verb': ['library', new Date(0), {}],
  },
  [channels.listen]: {
    text: ['queue'],
    number: [1],
    nothing: [null],
    undefined: [undefined],
    list: [[]],
    object: [{}],
    two: [1, 2],
    bytes: [new Uint8Array(1)],
    map: [new Map()],
    boolean: [true],
  },
  [channels.grantDropped]: {
    nothing: [],
    'no list': ['/photos/a.jpg'],
    'an empty list': [[]],
    'an empty path': [['']],
    'a relative path': [['photos/a.jpg']],
    'a path upwards': [['../a.jpg']],
    'an address': [['file:///photos/a.jpg']],
    'a zero byte': [['/photos/a.jpg\0.png']],
    'a number among paths': [['/photos/a.jpg', 7]],
    'a path of no end': [[`/${'a'.repeat(40_000)}`]],
  },
};

beforeAll(() => {
  answerCalls(Promise.resolve(host));
});

test('there are no other channels than those that are tried here', () => {
  expect(invokeChannels()).toEqual(Object.values(channels).sort());
  expect(Object.keys(malformed).sort()).toEqual(invokeChannels());
});

describe.each(Object.values(channels))('%s', (channel) => {
  test('answers the page', async () => {
    expect(await invoke(from(page), channel, ...(rightArguments[channel] ?? []))).toMatchObject({ ok: true });
  });

  test.each(Object.entries(strangers))('refuses %s', async (_name, frame) => {
    dispatched.length = 0;
    const sender = from(frame);
    const outcome = await invoke(sender, channel, ...(rightArguments[channel] ?? []));
    expect(outcome).toMatchObject({ ok: false, failure: { code: 'internal' } });
    expect(dispatched).toEqual([]);
    expect(sender.sender.sent).toEqual([]);
  });

  test('refuses ten malformed payloads', async () => {
    dispatched.length = 0;
    const cases = Object.entries(malformed[channel] ?? {});
    expect(cases).toHaveLength(10);
    for (const [name, args] of cases)
      expect(await invoke(from(page), channel, ...args), name).toMatchObject({ ok: false, failure: { code: 'internal' } });
    expect(dispatched).toEqual([]);
  });
});

test('a call goes to the dispatcher as it is', async () => {
  dispatched.length = 0;
  expect(await invoke(from(page), channels.call, 'library', 'list', { limit: 3 })).toEqual({ ok: true, value: 'answered' });
  expect(dispatched).toEqual([['library', 'list', { limit: 3 }]]);
});

test('dropped files become words that stand for them', async () => {
  const outcome = (await invoke(from(page), channels.grantDropped, ['/photos/a.jpg', '/photos'])) as { value: string[] };
  expect(outcome.value.map((word) => grants.resolve(word))).toEqual(['/photos/a.jpg', '/photos']);
});

test('what goes wrong inside is a failure in the answer, never an exception', async () => {
  dispatchFails = true;
  expect(await invoke(from(page), channels.call, 'library', 'list', {})).toMatchObject({
    ok: false,
    failure: { code: 'internal' },
  });
});
