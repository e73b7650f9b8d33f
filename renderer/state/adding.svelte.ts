/** Photos and folders on their way into the library, from wherever they were chosen: a dialog, the folder browser, a drop, another program. */
import type { Client } from '../../core/api/client.ts';
import type { EventValue, Result } from '../../core/api/contract.ts';
import type { Events } from '../../core/api/events.ts';
import type { About } from '../../core/api/host-views.ts';
import type { Bridge } from '../host/bridge.ts';
import { t } from '../messages/index.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

type Added = Result<'library', 'add'>;
/** What was left out, and why. */
export type LeftOut = Pick<Added, 'skipped' | 'failed'>;

export interface AddOptions {
  /** Folders with what is below them. Default: true. */
  readonly recursive?: boolean;
  /** New photos in the folders come by themselves. Default: false. */
  readonly watch?: boolean;
}

export class Adding {
  /** Whether the folder browser is open, and whether that is because a drop could not be taken. */
  browser = $state.raw<'closed' | 'open' | 'instead-of-drop'>('closed');
  /** The search for photos as the host tells of it. */
  scan = $state.raw<EventValue<'scan'>>({ running: false, found: 0 });
  /** Shown in a dialog until it is closed. */
  leftOut = $state.raw<LeftOut | null>(null);
  readonly #client: Client;
  readonly #bridge: Bridge;
  readonly #toasts: Toasts;
  readonly #choosing: About['choosing'];

  constructor(client: Client, events: Events, bridge: Bridge, about: About, toasts: Toasts) {
    this.#client = client;
    this.#bridge = bridge;
    this.#toasts = toasts;
    this.#choosing = about.choosing;
    events.subscribe('scan', (scan) => {
      this.scan = scan;
    });
    events.subscribe('opened', ({ places }) => void this.add(places.map(({ grant }) => grant)));
  }

  /** Whether single photos can be chosen: a folder browser shows folders. */
  get choosesPhotos(): boolean {
    return this.#choosing === 'dialog';
  }

  /** By the system's own dialog, or by the folder browser where the host has none. */
  async choose(what: 'photos' | 'folder'): Promise<void> {
    if (this.#choosing === 'browse') {
      this.browser = 'open';
      return;
    }
    try {
      const { chosen } = await this.#client.host.choose({ what });
      // Who names a folder means what comes into it later, too.
      await this.add(
        chosen.map(({ grant }) => grant),
        { watch: what === 'folder' },
      );
    } catch (error) {
      this.#toasts.failed(error);
    }
  }

  /** Files and folders that were dropped. A browser does not tell where they lie: then the folder browser opens and says so. */
  async drop(files: readonly File[]): Promise<void> {
    try {
      const grants = await this.#bridge.grantDropped(files);
      if (grants === null) this.browser = 'instead-of-drop';
      else await this.add(grants);
    } catch (error) {
      this.#toasts.failed(error);
    }
  }

  /** Says how it went; never rejects. Photos come into the list while it goes on. */
  async add(grants: readonly string[], { recursive = true, watch = false }: AddOptions = {}): Promise<void> {
    if (grants.length === 0) return;
    try {
      this.#tell(await this.#client.library.add({ grants: [...grants], recursive, watch }));
    } catch (error) {
      this.#toasts.failed(error);
    }
  }

  #tell({ added, returned, ids, skipped, failed }: Added): void {
    const count = added + returned;
    const outcome =
      count > 0
        ? t('library.added.photos', { count })
        : ids.length > 0
          ? t('library.added.known', { count: ids.length })
          : t('library.added.nothing');
    const left = skipped.length + failed.length;
    if (left === 0) {
      this.#toasts.info(outcome);
      return;
    }
    this.#toasts.info(`${outcome} ${t('library.added.leftOut', { count: left })}`, {
      label: t('library.added.details'),
      run: () => {
        this.leftOut = { skipped, failed };
      },
    });
  }
}
