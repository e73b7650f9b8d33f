/** What the command answers to the shell. Part of the stable contract. */
export const exitCodes = {
  /** Everything was done; skipped photos count as done. */
  done: 0,
  /** At least one photo, model or device failed. */
  failed: 1,
  /** The command was used wrongly; nothing was done. */
  usage: 2,
  /** Stopped by Ctrl-C or another signal. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
