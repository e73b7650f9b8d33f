/** @file Preload script, in the sandbox of the page: all that the page can reach, as plain functions and plain data. */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Outcome } from '../core/photo/failure.ts';
import type { DesktopApi } from '../renderer/host/desktop-api.ts';
import { channels, newsChannel, type Channel } from './channels.ts';

/** Catches all: what is thrown across the bridge would carry objects of this side with it. */
async function ask(channel: Channel, ...args: readonly unknown[]): Promise<Outcome<unknown>> {
  try {
    return (await ipcRenderer.invoke(channel, ...args)) as Outcome<unknown>;
  } catch {
    return { ok: false, failure: { code: 'internal', message: 'The program does not answer. Start it again.' } };
  }
}

/** Empty for what a script made up: it has no place on the disk, or is no file at all. */
function pathOf(file: File): string {
  try {
    return webUtils.getPathForFile(file);
  } catch {
    return '';
  }
}

const api: DesktopApi = {
  send: (noun, verb, params) => ask(channels.call, noun, verb, params),
  listen(listener) {
    const hear = (_event: unknown, name: string, value: unknown): void => {
      listener(name, value);
    };
    ipcRenderer.on(newsChannel, hear);
    void ask(channels.listen);
    return () => void ipcRenderer.off(newsChannel, hear);
  },
  async grantDropped(files) {
    const paths = files.map(pathOf).filter((path) => path !== '');
    const outcome = await ask(channels.grantDropped, paths);
    return outcome.ok ? (outcome.value as string[]) : [];
  },
};

contextBridge.exposeInMainWorld('enlarger', api);
