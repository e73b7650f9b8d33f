import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { parseRoute, routeHash, Router, views, type Route } from '../../../renderer/state/router.svelte.ts';

const routes: fc.Arbitrary<Route> = fc.record({
  view: fc.constantFrom(...views),
  id: fc.option(fc.integer({ min: 1, max: 1e14 })),
  params: fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })),
});

describe('an address', () => {
  test('says everything of a route and nothing else', () => {
    fc.assert(
      fc.property(routes, (route) => {
        expect(parseRoute(routeHash(route))).toEqual(route);
      }),
    );
  });

  test('survives the browser', () => {
    fc.assert(
      fc.property(routes, (route) => {
        history.replaceState(null, '', routeHash(route));
        expect(parseRoute(location.hash)).toEqual(route);
      }),
    );
  });

  test('of any kind is some route', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(views).toContain(parseRoute(text).view);
      }),
    );
  });

  test.each(['', '#', '#/', '#/nowhere', '#main', '#/library/0', '#/library/1e3', '#/library/99999999999999999999'])(
    '%s is the library',
    (hash) => {
      expect(parseRoute(hash)).toEqual({ view: 'library', id: null, params: {} });
    },
  );
});

describe('the router', () => {
  beforeEach(() => history.replaceState(null, '', '#/library'));

  test('goes to a view, and back comes to the one before', async () => {
    const router = new Router();
    router.go({ view: 'photo', id: 12, params: { album: 'Norway' } });
    expect(location.hash).toBe('#/photo/12?album=Norway');
    expect(router.route).toEqual({ view: 'photo', id: 12, params: { album: 'Norway' } });
    history.back();
    await expect.poll(() => router.route.view).toBe('library');
  });

  test('makes no second step of going where it is', () => {
    const router = new Router();
    router.go({ view: 'queue' });
    const steps = history.length;
    router.go({ view: 'queue' });
    router.go({ view: 'settings' }, { replace: true });
    expect(history.length).toBe(steps);
    expect(location.hash).toBe('#/settings');
  });

  test('follows a link', async () => {
    const router = new Router();
    location.hash = '#/export';
    await expect.poll(() => router.route.view).toBe('export');
  });
});
