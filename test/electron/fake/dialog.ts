/** Dialogs, which a test answers beforehand. */
import type * as Electron from 'electron';
import type { BrowserWindow } from './window.ts';

interface Answers {
  /** What the user chooses next; none: closes the dialog. */
  open: string[] | Promise<string[]>;
  /** Number of the button that is pressed next. */
  button: number;
}
export const dialog = {
  answers: { open: [], button: 0 } as Answers,
  opened: [] as { parent: BrowserWindow | null; options: Electron.OpenDialogOptions }[],
  messages: [] as Electron.MessageBoxOptions[],
  errors: [] as (readonly [title: string, content: string])[],
  async showOpenDialog(
    ...args: [BrowserWindow, Electron.OpenDialogOptions] | [Electron.OpenDialogOptions]
  ): Promise<Electron.OpenDialogReturnValue> {
    const [parent, options] = args.length === 2 ? args : ([null, args[0]] as const);
    dialog.opened.push({ parent, options });
    const filePaths = await dialog.answers.open;
    return { canceled: filePaths.length === 0, filePaths };
  },
  showMessageBox(_window: BrowserWindow, options: Electron.MessageBoxOptions): Promise<Electron.MessageBoxReturnValue> {
    dialog.messages.push(options);
    return Promise.resolve({ response: dialog.answers.button, checkboxChecked: false });
  },
  showErrorBox(title: string, content: string): void {
    dialog.errors.push([title, content]);
  },
};
