/**
 * The backup of the day for a program that is never closed. It holds up everything for seconds where there are a hundred thousand photos, so it waits
 * for a time when nobody asks anything and nothing is worked on.
 */
export interface IdleBackupOptions {
  /** Makes it where one is due. */
  readonly backUp: () => void;
  readonly isWorking: () => boolean;
  /** Without a question for so long nobody is there. Default: ten minutes. */
  readonly quietMs?: number;
  /** How often it is tried. Default: each five minutes. */
  readonly everyMs?: number;
}

export interface IdleBackup {
  /** Somebody asks something. */
  asked(): void;
  close(): void;
}

export function backUpWhenIdle(options: IdleBackupOptions): IdleBackup {
  const { backUp, isWorking, quietMs = 10 * 60_000, everyMs = 5 * 60_000 } = options;
  let askedMs = performance.now();
  const timer = setInterval(() => {
    if (performance.now() - askedMs >= quietMs && !isWorking()) backUp();
  }, everyMs).unref();
  return {
    asked() {
      askedMs = performance.now();
    },
    close: () => clearInterval(timer),
  };
}
