/** @file Main process: the one place where something that the page sends comes in. */
import { ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron';
import type { z } from 'zod';
import { faults } from '../core/api/dispatcher.ts';
import { EnlargerError, toFailure, type Outcome } from '../core/photo/failure.ts';
import { isPageAddress } from './address.ts';
import type { Channel } from './channels.ts';

/**
 * Answers what our own page asks over a channel, and refuses everybody and everything else. `schema` is of all arguments together, as a tuple.
 * Whatever goes wrong is the failure in the outcome: nothing is thrown towards the page.
 */
export function answerChannel<Schema extends z.ZodType<readonly unknown[]>>(
  channel: Channel,
  schema: Schema,
  answer: (args: z.output<Schema>, sender: WebContents) => Promise<Outcome<unknown>>,
): void {
  ipcMain.handle(channel, async (event, ...args: unknown[]): Promise<Outcome<unknown>> => {
    try {
      if (!isFromPage(event)) throw new EnlargerError('internal', 'This was not asked by the window of Enlarger.');
      const parsed = schema.safeParse(args);
      if (!parsed.success)
        throw new EnlargerError('internal', `The window asked with wrong values (${channel}: ${faults(parsed.error)}).`);
      return await answer(parsed.data, event.sender);
    } catch (error) {
      return { ok: false, failure: toFailure(error) };
    }
  });
}

/** Only the page itself: no frame inside it, none that has gone in the meantime, and no other page. */
function isFromPage({ senderFrame }: IpcMainInvokeEvent): boolean {
  return senderFrame !== null && senderFrame.parent === null && isPageAddress(senderFrame.url);
}
