/** What belongs to the system: theme, screens, sleep, other programs. */
import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';

class FakeNativeTheme extends EventEmitter {
  #source: 'system' | 'light' | 'dark' = 'system';
  systemIsDark = true;
  get themeSource(): 'system' | 'light' | 'dark' {
    return this.#source;
  }
  set themeSource(source: 'system' | 'light' | 'dark') {
    this.#source = source;
    this.emit('updated');
  }
  get shouldUseDarkColors(): boolean {
    return this.#source === 'system' ? this.systemIsDark : this.#source === 'dark';
  }
}
export const nativeTheme = new FakeNativeTheme();
nativeTheme.setMaxListeners(0);

export const powerSaveBlocker = {
  running: new Map<number, string>(),
  started: 0,
  start(type: string): number {
    powerSaveBlocker.running.set((powerSaveBlocker.started += 1), type);
    return powerSaveBlocker.started;
  },
  stop(id: number): boolean {
    if (!powerSaveBlocker.running.delete(id)) throw new Error(`There is no blocker ${id}`);
    return true;
  },
};

export const screen = {
  workAreas: [{ x: 0, y: 0, width: 1920, height: 1040 }],
  getAllDisplays(): { workArea: Electron.Rectangle }[] {
    return screen.workAreas.map((workArea) => ({ workArea }));
  },
};

export const shell = {
  opened: [] as string[],
  revealed: [] as string[],
  openExternal(url: string): Promise<void> {
    shell.opened.push(url);
    return Promise.resolve();
  },
  showItemInFolder(path: string): void {
    shell.revealed.push(path);
  },
};
