/** What the preload script puts on the window: the whole privilege of the page, on one screen. */
import type { Outcome } from '../../core/photo/failure.ts';

export interface DesktopApi {
  send(noun: string, verb: string, params: unknown): Promise<Outcome<unknown>>;
  /** Returns what ends it. */
  listen(listener: (event: string, value: unknown) => void): () => void;
  grantDropped(files: readonly File[]): Promise<readonly string[]>;
}

declare global {
  interface Window {
    readonly enlarger?: DesktopApi;
  }
}
