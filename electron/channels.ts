/** @file Preload and main process: the names of all channels between them. */

/** What the page may ask. */
export const channels = {
  /** A call of the contract: noun, verb, parameters. */
  call: 'enlarger:call',
  /** From now on the page hears the news, the state of now first. */
  listen: 'enlarger:listen',
  /** Words for the paths of dropped files. */
  grantDropped: 'enlarger:grant-dropped',
} as const;
export type Channel = (typeof channels)[keyof typeof channels];

/** What the page is told without asking: the name of the event and its value. */
export const newsChannel = 'enlarger:news';
