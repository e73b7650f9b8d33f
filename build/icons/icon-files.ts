/** @file The icon in the form that each system's packages want it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { icnsOf } from './icns.ts';
import { icoOf } from './ico.ts';
import { renderIcon } from './render-icon.ts';

const WINDOWS_SIDES = [16, 24, 32, 48, 64, 128, 256];
const LINUX_SIDES = [16, 24, 32, 48, 64, 128, 256, 512];

export interface IconFiles {
  readonly windows: string;
  readonly mac: string;
  /** A folder with a picture for each size, named as electron-builder wants them. */
  readonly linux: string;
}

/** Draws all of them into a folder, which is made. Every size is drawn anew: none is another one made smaller. */
export async function writeIcons(folder: string): Promise<IconFiles> {
  const files: IconFiles = {
    windows: path.join(folder, 'icon.ico'),
    mac: path.join(folder, 'icon.icns'),
    linux: path.join(folder, 'linux'),
  };
  mkdirSync(files.linux, { recursive: true });
  writeFileSync(
    files.windows,
    icoOf(await Promise.all(WINDOWS_SIDES.map(async (side) => ({ side, png: await renderIcon(side) })))),
  );
  writeFileSync(files.mac, await icnsOf(renderIcon));
  for (const side of LINUX_SIDES) writeFileSync(path.join(files.linux, `${side}x${side}.png`), await renderIcon(side));
  return files;
}
