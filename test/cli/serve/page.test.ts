import { describe, expect, it } from 'vitest';
import type { Dispatch } from '../../../core/api/dispatcher.ts';
import { usualPreferences, type Theme } from '../../../core/photo/preferences.ts';
import { page, rawRequest, runningServer } from './running-server.ts';

const markup = '<!doctype html><html lang="en"><title>Enlarger</title></html>';

/** The page as it comes from a host that answers so. */
async function served(dispatch: Dispatch): Promise<string> {
  const index = page.get('/index.html')!;
  const files = new Map([...page, ['/index.html', { ...index, bytes: new TextEncoder().encode(markup) }]]);
  const server = await runningServer({ dispatch, files });
  try {
    const [whole, named] = await Promise.all(
      ['', 'index.html'].map((target) => rawRequest(server.port, { target: `/${server.token}/${target}` })),
    );
    expect(named?.body).toBe(whole?.body);
    expect(whole?.headers['content-length']).toBe(String(whole?.body.length));
    return whole?.body ?? '';
  } finally {
    await server.close();
  }
}

const choosing =
  (theme: Theme): Dispatch =>
  (noun, verb) =>
    Promise.resolve({ ok: true, value: `${noun}.${verb}` === 'preferences.get' ? { ...usualPreferences, theme } : null });

describe('the page', () => {
  it.each(['light', 'dark'] as const)('comes in the theme that was chosen: %s', async (theme) => {
    expect(await served(choosing(theme))).toBe(markup.replace('<html', `<html data-theme="${theme}"`));
  });

  it('is as it was built where the system decides, and where nobody knows', async () => {
    expect(await served(choosing('system'))).toBe(markup);
    const failure = { code: 'internal', message: 'It is broken.' } as const;
    expect(await served(() => Promise.resolve({ ok: false, failure }))).toBe(markup);
  });
});
