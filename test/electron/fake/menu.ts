/** Menus, as they were described. */
import type * as Electron from 'electron';

/** What was built last, as given. */
export interface FakeMenu {
  readonly template: Electron.MenuItemConstructorOptions[];
  readonly popups: unknown[];
  popup(options?: unknown): void;
}
export const Menu = {
  application: null as FakeMenu | null,
  popped: [] as FakeMenu[],
  buildFromTemplate(template: Electron.MenuItemConstructorOptions[]): FakeMenu {
    const popups: unknown[] = [];
    const menu: FakeMenu = {
      template,
      popups,
      popup(options) {
        popups.push(options);
        Menu.popped.push(menu);
      },
    };
    return menu;
  },
  setApplicationMenu(menu: FakeMenu | null): void {
    Menu.application = menu;
  },
};
