/** @file From sources to packages, for the system that this runs on: native code is installed for no other one. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Arch, build, Platform, type Configuration } from 'electron-builder';
import { writeIcons } from '../icons/icon-files.ts';
import { buildDesktop } from './desktop.ts';
import { licenceText } from './licences.ts';
import { packageConfig } from './package-config.ts';
import type { System } from './packed-modules.ts';
import { publisherFrom } from './publisher.ts';

export interface MakeOptions {
  /** Folder of the repository. */
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isRelease: boolean;
  /** Makes no packages, only the folder that would be in them. */
  readonly onlyFolder: boolean;
  readonly say: (sentence: string) => void;
  /** Takes the place of what the configuration says, for tests. */
  readonly overrides?: Partial<Configuration>;
}

/** @returns the packages, or the folder */
export async function makePackage({ root, env, isRelease, onlyFolder, say, overrides = {} }: MakeOptions): Promise<string[]> {
  const system = thisSystem();
  const vcRuntime = env['ENLARGER_VC_RUNTIME'] ?? null;
  if (isRelease && system === 'windows' && vcRuntime === null)
    throw new Error('A release for Windows brings the Visual C++ runtime: set ENLARGER_VC_RUNTIME to the folder of its DLLs.');
  const publisher = publisherFrom(env, isRelease);

  const out = await buildDesktop({ root, say });
  const material = path.join(out, 'material');
  rmSync(material, { recursive: true, force: true });
  mkdirSync(material, { recursive: true });
  const licences = path.join(material, 'licences.txt');
  writeFileSync(licences, licenceText(root));
  const icons = await writeIcons(path.join(material, 'icons'));

  const config = { ...packageConfig({ root, system, publisher, icons, licences, isRelease, vcRuntime }), ...overrides };
  const architecture = process.arch === 'arm64' ? Arch.arm64 : Arch.x64;
  say('packing …');
  return await build({
    projectDir: root,
    config,
    targets: PLATFORMS[system].createTarget(onlyFolder ? ['dir'] : null, architecture),
    publish: 'never',
  });
}

const PLATFORMS: Readonly<Record<System, Platform>> = { linux: Platform.LINUX, windows: Platform.WINDOWS, mac: Platform.MAC };

function thisSystem(): System {
  if (process.platform === 'darwin') return 'mac';
  return process.platform === 'win32' ? 'windows' : 'linux';
}
