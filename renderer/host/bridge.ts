/** What lies between the window and the program: the desktop's channel, or a local server. */
import type { Send } from '../../core/api/client.ts';
import type { EventName } from '../../core/api/contract.ts';

/** Whether the host can be reached. `lost`: not for now; `gone`: it has ended for good, and whatever answers in its place does not know this page. */
export type Reach = 'there' | 'lost' | 'gone';

export interface Bridge {
  readonly send: Send;
  /** Everything the host tells without being asked, unparsed. Returns what ends it. */
  listen(listener: (event: EventName, value: unknown) => void): () => void;
  /** Told how it is now, and whenever that changes; when the host is reached again, what was missed has to be asked for. */
  onConnection(listener: (reach: Reach) => void): () => void;
  /** Address of a picture of the media handler, from a path such as `thumbnail/12?v=…`. */
  mediaUrl(path: string): string;
  /** Words for dropped files and folders; null where a drop does not tell where they lie, which is so in a browser. */
  grantDropped(files: readonly File[]): Promise<readonly string[] | null>;
}

/** The bridge of whatever started this page. */
export async function openBridge(): Promise<Bridge> {
  if (window.enlarger !== undefined) return (await import('./desktop-bridge.ts')).desktopBridge(window.enlarger);
  return (await import('./server-bridge.ts')).serverBridge(new URL('./', location.href));
}
