/** @file Main process: the only addresses on the web that this program can open, in the user's browser. */
import { shell } from 'electron';

/** As built: where whoever published this copy can be found. */
export interface LinkTargets {
  readonly website: string | null;
  readonly issues: string | null;
}
export type LinkId = keyof LinkTargets;

export interface Links {
  /** Links that lead somewhere. */
  readonly ids: readonly LinkId[];
  /** Opens one by its id. What has no allowed address opens nothing. */
  open(id: LinkId): void;
}

export function createLinks(targets: LinkTargets): Links {
  const allowed = new Map<string, string>();
  for (const [id, address] of Object.entries(targets) as [LinkId, string | null][]) {
    const url = address === null ? null : webAddress(address);
    if (url !== null) allowed.set(id, url);
  }
  return {
    ids: [...allowed.keys()] as LinkId[],
    open(id) {
      const address = allowed.get(id);
      // Nobody waits for a browser; one that cannot be started says so itself.
      if (address !== undefined) void shell.openExternal(address).catch(() => undefined);
    },
  };
}

/** The address as the parser writes it, if it is a plain one of the web: anything else may start a program. */
function webAddress(text: string): string | null {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '' || url.port !== '') return null;
  // The parser drops line breaks and turns backslashes round: who writes such addresses means something else by them.
  return /^https:\/\/[\x21-\x7e]+$/.test(text) && !/[\\"'<>`]/.test(text) ? url.href : null;
}
