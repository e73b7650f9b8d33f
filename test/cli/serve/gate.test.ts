import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawExchange, rawRequest, rawUpgrade, runningServer, type RunningServer } from './running-server.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await runningServer();
});
afterAll(() => server.close());

/** Everything that a request can reach, so that no door is checked less than another. */
const doors = (token: string) => [
  { name: 'the page', target: `/${token}/` },
  { name: 'a file of the page', target: `/${token}/assets/index-4f2a.js` },
  { name: 'a picture', target: `/${token}/media/thumbnail/1` },
  {
    name: 'a call',
    target: `/${token}/api/host.about`,
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': '2' },
    body: '{}',
  },
];
const statuses = async (headers: Record<string, string>, token = server.token): Promise<number[]> => {
  const answers = await Promise.all(
    doors(token).map((door) => rawRequest(server.port, { ...door, headers: { ...door.headers, ...headers } })),
  );
  const upgrade = await rawUpgrade(server.port, `/${token}/events`, headers);
  return [...answers, upgrade].map(({ status }) => status);
};
const opened = [200, 200, 200, 200, 101];
const all = (status: number): number[] => opened.map(() => status);

describe('the name that a request was sent to', () => {
  it.each(['127.0.0.1', 'localhost'])('may be %s', async (name) => {
    expect(await statuses({ host: `${name}:${String(server.port)}` })).toEqual(opened);
  });

  // A name of elsewhere that leads to 127.0.0.1 is how a page of elsewhere gets past the rule of the same origin.
  it.each([
    'rebound.example',
    'localhost.example',
    '127.0.0.1.example',
    '127-0-0-1.example',
    'localhost.localdomain',
    'evil.localhost',
    '[::1]',
    '0.0.0.0',
    '127.1',
    '127.0.0.2',
    '2130706433',
    'LOCALHOST',
    'localhost.',
    'user@127.0.0.1',
  ])('may not be %s', async (name) => {
    expect(await statuses({ host: `${name}:${String(server.port)}` })).toEqual(all(403));
  });

  it.each(['127.0.0.1', 'localhost', '127.0.0.1:1', 'localhost:80', ''])('may not be "%s", without the port', async (host) => {
    expect(await statuses({ host })).toEqual(all(403));
  });

  it('has to be there', async () => {
    const answer = await rawExchange(server.port, `GET /${server.token}/ HTTP/1.0\r\n\r\n`);
    expect(answer.status).toBe(403);
  });

  it('is not read from a target with a name of its own', async () => {
    const { status } = await rawRequest(server.port, { target: `http://127.0.0.1:${String(server.port)}/${server.token}/` });
    expect(status).toBe(404);
  });
});

describe('the origin that a request tells', () => {
  it.each(['127.0.0.1', 'localhost'])('may be the page at %s', async (name) => {
    const host = `${name}:${String(server.port)}`;
    expect(await statuses({ host, origin: `http://${host}` })).toEqual(opened);
  });

  it.each([
    'https://example.org',
    'null',
    'http://127.0.0.1',
    'http://127.0.0.1:1',
    'http://localhost',
    'file://',
    'chrome-extension://abcdefghijklmnop',
    '',
  ])('may not be "%s"', async (origin) => {
    expect(await statuses({ origin })).toEqual(all(403));
  });

  it('may not be the same computer by another name, by another protocol, or with more behind it', async () => {
    for (const origin of [
      'http://localhost:PORT',
      'https://127.0.0.1:PORT',
      'http://127.0.0.1:PORT/',
      'http://127.0.0.1:PORT.example',
    ])
      expect(await statuses({ origin: origin.replace('PORT', String(server.port)) })).toEqual(all(403));
  });
});

describe('where a browser says that a request comes from', () => {
  it.each(['same-origin', 'none'])('may be %s', async (site) => {
    expect(await statuses({ 'sec-fetch-site': site })).toEqual(opened);
  });

  // `same-site` is any other program with a page on this computer.
  it.each(['cross-site', 'same-site', 'anything'])('may not be %s', async (site) => {
    expect(await statuses({ 'sec-fetch-site': site })).toEqual(all(403));
  });
});

describe('the token', () => {
  it('is 192 random bits, and another at each start', async () => {
    const other = await runningServer();
    await other.close();
    for (const { token } of [server, other]) expect(token).toMatch(/^[A-Za-z0-9_-]{32}$/);
    expect(other.token).not.toBe(server.token);
  });

  it('has to be right to the last letter', async () => {
    const { token } = server;
    const last = token.endsWith('A') ? 'B' : 'A';
    for (const wrong of [
      '',
      'x',
      token.slice(0, -1),
      token.slice(0, -1) + last,
      `${token}A`,
      token.toUpperCase() + '-',
      `%${token}`,
      '..',
    ])
      expect(await statuses({}, wrong)).toEqual(all(404));
  });

  it('is not told by a refusal, nor by anything else', async () => {
    const answers = await Promise.all([
      rawRequest(server.port, { target: '/' }),
      rawRequest(server.port, { target: '/favicon.ico' }),
      rawRequest(server.port, { target: '/', headers: { host: 'rebound.example' } }),
      rawRequest(server.port, { target: `/${server.token}/` }),
      rawExchange(server.port, 'nonsense\r\n\r\n'),
    ]);
    for (const answer of answers) expect(JSON.stringify(answer)).not.toContain(server.token);
  });

  it('may lack the slash behind it, which is easily lost in copying', async () => {
    const answer = await rawRequest(server.port, { target: `/${server.token}` });
    expect([answer.status, answer.headers['location']]).toEqual([303, `/${server.token}/`]);
  });
});

describe('the address for a browser that is started', () => {
  it('leads to the page once', async () => {
    const { pathname } = new URL(server.onceUrl());
    expect(pathname).not.toContain(server.token);
    const [first, second] = [
      await rawRequest(server.port, { target: pathname }),
      await rawRequest(server.port, { target: pathname }),
    ];
    expect([first.status, first.headers['location']]).toEqual([303, `/${server.token}/`]);
    expect([second.status, second.headers['location']]).toEqual([404, undefined]);
  });

  it('is used up by no request that is refused, and opens nothing else', async () => {
    const { pathname } = new URL(server.onceUrl());
    expect((await rawRequest(server.port, { target: pathname, headers: { host: 'rebound.example' } })).status).toBe(403);
    expect((await rawRequest(server.port, { target: pathname, headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
    expect((await rawRequest(server.port, { target: `${pathname}/` })).status).toBe(404);
    expect((await rawUpgrade(server.port, `${pathname}/events`)).status).toBe(404);
    expect((await rawRequest(server.port, { target: pathname })).status).toBe(303);
  });
});

it('is reached on 127.0.0.1 alone', async () => {
  const other = await fetch(`http://[::1]:${String(server.port)}/`).catch((error: unknown) => error);
  expect(other).toBeInstanceOf(TypeError);
});
