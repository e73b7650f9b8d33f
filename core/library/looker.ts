/** Looks at photos that nobody looked at yet, as long as the program runs. What is on the screen goes first. */
import type { QueueProgress } from '../api/contract.ts';
import type { Failure } from '../photo/failure.ts';
import type { Importer } from './import.ts';
import { lookWishes } from './look-wishes.ts';
import type { PhotoRows } from './photo-rows.ts';

export interface LookerOptions {
  readonly photos: Pick<PhotoRows, 'countToLookAt' | 'unlooked'>;
  readonly importer: Pick<Importer, 'lookAtAll'>;
  /** Told when it begins, after each few photos, and when it is through. */
  readonly onProgress: () => void;
  /** It cannot go on, for a reason that is no photo's; it tries again later. */
  readonly onTrouble: (error: unknown) => void;
  /** When it tries again, in milliseconds. Default: half a minute. */
  readonly retryMs?: number;
  /** A clock in milliseconds. */
  readonly now?: () => number;
}

export interface Looker {
  /** There may be photos to look at. */
  wake(): void;
  /** These go before all others, until other ones are named. */
  prefer(ids: readonly number[]): void;
  /**
   * Looks at those of them that nobody looked at, before all but what is on the screen. Resolves when they are through, with what was wrong with
   * some of them. Rejects with what keeps it from looking, and with `cancelled` when it is closed.
   */
  lookAt(ids: readonly number[]): Promise<ReadonlyMap<number, Failure>>;
  /** Of the photos since it last had nothing to do. */
  progress(): QueueProgress;
  /** Stops what goes on. */
  close(): Promise<void>;
}

/** Counting what is left walks an index; nobody needs it more often. */
const countEveryMs = 1000;

/** Does nothing until it is woken. */
export function createLooker(options: LookerOptions): Looker {
  const { photos, importer, onProgress, onTrouble, retryMs = 30_000, now = () => performance.now() } = options;
  const stop = new AbortController();
  const wishes = lookWishes(photos);
  let preferred: readonly number[] = [];
  let going: Promise<void> | null = null;
  let isAsked = false;
  let retry: NodeJS.Timeout | undefined;
  let account = newAccount(0, 0);

  const look = async (): Promise<void> => {
    while (isAsked && !stop.signal.aborted) {
      isAsked = false;
      await importer.lookAtAll(stop.signal, {
        first: () => [...preferred, ...wishes.waiting()],
        onLooked(ids, failures) {
          account.settled += ids.length;
          account.failed += failures.size;
          account.left = Math.max(0, account.left - ids.length);
          onProgress();
          wishes.looked(failures);
        },
      });
    }
  };
  const begin = async (): Promise<void> => {
    try {
      account = newAccount(photos.countToLookAt(), now());
      onProgress();
      await look();
    } catch (error) {
      if (!stop.signal.aborted) {
        retry = setTimeout(wake, retryMs).unref();
        wishes.fail(error);
        onTrouble(error);
      }
    }
    going = null;
    account = { ...account, left: 0, endMs: now() };
    onProgress();
    // It may have been woken in the moment between the last look and this.
    if (isAsked) wake();
    else wishes.end();
  };
  const recount = (): void => {
    if (going === null || now() - account.countedMs < countEveryMs) return;
    account.left = photos.countToLookAt();
    account.countedMs = now();
  };
  function wake(): void {
    if (stop.signal.aborted) return;
    clearTimeout(retry);
    isAsked = true;
    going ??= begin();
  }
  return {
    wake,
    prefer(ids) {
      preferred = ids;
    },
    lookAt(ids) {
      const through = wishes.add(ids);
      if (stop.signal.aborted) wishes.cancel();
      else if (wishes.waiting().length > 0) wake();
      return through;
    },
    progress() {
      recount();
      const { settled, failed, left, startMs, endMs } = account;
      const jobs = settled + left;
      account.shown = left === 0 ? 1 : Math.max(account.shown, Math.min(nearlyAll, settled / jobs));
      const perMs = settled / Math.max(1, (endMs ?? now()) - startMs);
      const remainingMs = left === 0 ? 0 : perMs === 0 ? null : left / perMs;
      return { jobs, settled, failed, fraction: account.shown, megapixelsPerSecond: null, remainingMs };
    },
    async close() {
      stop.abort();
      clearTimeout(retry);
      wishes.cancel();
      await going;
    },
  };
}

/** Not 1 before all is through. */
const nearlyAll = 0.999;

interface Account {
  settled: number;
  failed: number;
  /** As counted at `countedMs`, less what was settled since. */
  left: number;
  countedMs: number;
  /** The largest fraction that was shown. */
  shown: number;
  readonly startMs: number;
  readonly endMs: number | null;
}

function newAccount(left: number, nowMs: number): Account {
  return { settled: 0, failed: 0, left, countedMs: nowMs, shown: 0, startMs: nowMs, endMs: null };
}
