/** @file Main process: what the page can ask of the program. */
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import type { LiveHost } from '../core/host/live-host.ts';
import { channels } from './channels.ts';
import { answerChannel } from './ipc.ts';
import { createNews } from './news.ts';

const droppedPath = z
  .string()
  .max(32_767)
  .refine((path) => isAbsolute(path) && !path.includes('\0'), 'is no path');

/** The page may ask before the library is open: it then waits. */
export function answerCalls(host: Promise<LiveHost>): void {
  const news = createNews();
  answerChannel(channels.call, z.tuple([z.string(), z.string(), z.unknown()]), async ([noun, verb, params]) =>
    (await host).dispatch(noun, verb, params),
  );
  answerChannel(channels.listen, z.tuple([]), async (_args, page) => {
    news.tell(page, (await host).events);
    return { ok: true, value: null };
  });
  answerChannel(channels.grantDropped, z.tuple([z.array(droppedPath).min(1).max(100_000)]), async ([paths]) => {
    const { grants } = await host;
    return { ok: true, value: paths.map((path) => grants.issue(path)) };
  });
}
