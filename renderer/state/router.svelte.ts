/** Which view is shown, as the part of the address behind `#`: a reload comes back to it, and back and forward work. */

export const views = ['library', 'photo', 'enhance', 'review', 'export', 'queue', 'settings'] as const;
export type View = (typeof views)[number];

export interface Route {
  readonly view: View;
  /** Of the photo or result, where the view shows one. */
  readonly id: number | null;
  readonly params: Readonly<Record<string, string>>;
}

/** `#/photo/12?album=Norway`. What cannot be read is the library. */
export function parseRoute(hash: string): Route {
  const [, path = '', query = ''] = /^#?\/?([^?]*)\??(.*)$/s.exec(hash) ?? [];
  const [name, idText = ''] = path.split('/');
  const view = views.find((known) => known === name) ?? 'library';
  const id = /^[1-9]\d{0,14}$/.test(idText) ? Number(idText) : null;
  return { view, id, params: Object.fromEntries(new URLSearchParams(query)) };
}

export function routeHash({ view, id, params }: Route): string {
  const query = new URLSearchParams(params).toString();
  return `#/${view}${id === null ? '' : `/${id}`}${query === '' ? '' : `?${query}`}`;
}

export class Router {
  route = $state.raw<Route>(parseRoute(location.hash));

  constructor() {
    window.addEventListener('hashchange', () => {
      this.route = parseRoute(location.hash);
    });
  }

  /** What is not named begins anew. `replace`: "back" does not come here again; so it is when nothing changes. */
  go(to: { view: View; id?: number | null; params?: Record<string, string> }, { replace = false } = {}): void {
    const route: Route = { view: to.view, id: to.id ?? null, params: to.params ?? {} };
    const hash = routeHash(route);
    if (replace || hash === location.hash) history.replaceState(null, '', hash);
    else history.pushState(null, '', hash);
    this.route = route;
  }
}
