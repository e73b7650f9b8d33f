/** Both ends of the channel between page and program. Arguments and answers are copied, as between processes. */
import { EventEmitter } from 'node:events';
import type { FakeFrame, FakeWebContents } from './window.ts';

type InvokeHandler = (event: unknown, ...args: unknown[]) => unknown;
const invokeHandlers = new Map<string, InvokeHandler>();
export const ipcMain = {
  handle(channel: string, handler: InvokeHandler): void {
    if (invokeHandlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
    invokeHandlers.set(channel, handler);
  },
};

export interface FakeSender {
  readonly sender: FakeWebContents;
  readonly senderFrame: FakeFrame | null;
}

/** What a page, or whoever else, sends over a channel; arguments and answer are copied as between processes. */
export async function invoke(from: FakeSender, channel: string, ...args: unknown[]): Promise<unknown> {
  const handler = invokeHandlers.get(channel);
  if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
  return structuredClone(await handler({ type: 'frame', ...from }, ...structuredClone<unknown[]>(args)));
}
export function invokeChannels(): string[] {
  return [...invokeHandlers.keys()].sort();
}

class FakeIpcRenderer extends EventEmitter {
  readonly invoked: (readonly [channel: string, ...args: unknown[]])[] = [];
  answer: (channel: string, ...args: unknown[]) => unknown = () => ({ ok: true, value: null });
  async invoke(channel: string, ...args: unknown[]): Promise<unknown> {
    this.invoked.push([channel, ...args]);
    return await this.answer(channel, ...args);
  }
}
export const ipcRenderer = new FakeIpcRenderer();

/** What preload scripts put on the window, by name. */
export const exposed = new Map<string, unknown>();
export const contextBridge = {
  exposeInMainWorld(name: string, api: unknown): void {
    exposed.set(name, api);
  },
};

export const webUtils = {
  /** Places of files on the disk; others were made by a script. */
  places: new Map<unknown, string>(),
  getPathForFile(file: unknown): string {
    if (!(file instanceof File)) throw new TypeError('getPathForFile: Argument must be a File object');
    return webUtils.places.get(file) ?? '';
  },
};
