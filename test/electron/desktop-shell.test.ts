import { expect, test, vi } from 'vitest';
import { desktopShell } from '../../electron/desktop-shell.ts';
import { shell } from './fake-electron.ts';

vi.mock('electron', () => import('./fake-electron.ts'));

const desktop = desktopShell({ choose: (what) => Promise.resolve([`/chosen/${what}`]) });

test('it has dialogs, and no folders to browse', async () => {
  expect(desktop).toMatchObject({ kind: 'desktop', roots: [] });
  expect(await desktop.choose?.('folder')).toEqual(['/chosen/folder']);
});

test('a file is shown in its folder', async () => {
  await desktop.reveal?.('/trip/a.jpg');
  expect(shell.revealed).toEqual(['/trip/a.jpg']);
});

test.each(['', 'a.jpg', '../a.jpg', 'file:///trip/a.jpg', '/trip/a.jpg\0.exe', '\0/trip'])('%j is not shown', async (path) => {
  shell.revealed.length = 0;
  await expect(desktop.reveal?.(path)).rejects.toMatchObject({ code: 'not-found' });
  expect(shell.revealed).toEqual([]);
});
