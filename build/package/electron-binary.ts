/** @file Where Electron's own program is, if it is. The package `electron` is never loaded: it would download what is missing. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * As Electron's package finds it itself: the folder in ELECTRON_OVERRIDE_DIST_PATH or `dist` in the package, and in it the file that `path.txt` names.
 *
 * @param root folder of the repository
 * @returns the executable, or null when it is not installed
 */
export function electronBinary(
  root: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): string | null {
  const home = path.join(root, 'node_modules', 'electron');
  const override = env['ELECTRON_OVERRIDE_DIST_PATH'];
  const named = readName(path.join(home, 'path.txt'));
  const folder = override !== undefined && override !== '' ? override : path.join(home, 'dist');
  const binary = path.join(folder, named ?? usualName(platform));
  return existsSync(binary) ? binary : null;
}

function readName(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null; // Written when the program is fetched; it was not.
  }
}

function usualName(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return platform === 'win32' ? 'electron.exe' : 'electron';
}
