/** @file Decides what `npm start` opens. */

/** What there is to open a window with. */
export interface Means {
  /** Electron's program, or null when it is not installed. */
  readonly electron: string | null;
  /** Whether a window could be shown. */
  readonly display: boolean;
}

export type Choice =
  | { readonly kind: 'desktop'; readonly electron: string; readonly args: readonly string[] }
  | {
      readonly kind: 'browser';
      readonly args: readonly string[];
      /** Why there is no window of its own; null when none was asked for. */
      readonly reason: string | null;
    };

/** Options that only the server has: whoever gives one wants it. */
const SERVER_OPTION = /^--(?:port|root|json)(?:=|$)/;

/**
 * The desktop's window where there can be one, else the server and a browser.
 *
 * @param args what follows `npm start --`
 */
export function chooseWindow(args: readonly string[], { electron, display }: Means): Choice {
  const rest = args.filter((arg) => arg !== '--browser');
  const served = (reason: string | null): Choice => ({ kind: 'browser', args: rest, reason });
  if (rest.length < args.length || rest.some((arg) => SERVER_OPTION.test(arg))) return served(null);
  if (electron === null)
    return served("No window of its own here: Electron's program is not installed (npm run get-electron fetches it).");
  if (!display) return served('No window of its own here: there is no display.');
  return { kind: 'desktop', electron, args: joinedOptions(rest) };
}

/** `--library <dir>` → `--library=<dir>`: Chromium, which reads the options of the desktop program, knows no other form. */
function joinedOptions(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    if (joined.at(-1) === '--library') joined.splice(-1, 1, `--library=${arg}`);
    else joined.push(arg);
  }
  return joined;
}
