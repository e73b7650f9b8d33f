/** @file What electron-builder makes of the built program: an AppImage and a Debian package, an installer for Windows, a disk image for macOS. */
import path from 'node:path';
import type { Configuration, FileAssociation } from 'electron-builder';
import type { IconFiles } from '../icons/icon-files.ts';
import { RELEASE_FUSES } from './fuses.ts';
import { modulePatterns, UNPACKED, type System } from './packed-modules.ts';
import type { Publisher } from './publisher.ts';

export interface PackageOptions {
  /** Folder of the repository, with the program built in `out`. */
  readonly root: string;
  readonly system: System;
  readonly publisher: Publisher;
  readonly icons: IconFiles;
  /** File with the licences of everything that is packed. */
  readonly licences: string;
  /** A release has its fuses set, is signed, and cannot be tested from outside any more. */
  readonly isRelease: boolean;
  /** Folder with the DLLs of the Visual C++ runtime, for Windows; null: the machine has to have them. */
  readonly vcRuntime: string | null;
}

/** Kinds of photos that the system may open with the program. It asks for none of them to be its own. */
const PHOTO_KINDS: readonly FileAssociation[] = [
  { ext: ['jpg', 'jpeg', 'jpe', 'jfif'], name: 'JPEG', mimeType: 'image/jpeg' },
  { ext: 'png', name: 'PNG', mimeType: 'image/png' },
  { ext: 'webp', name: 'WebP', mimeType: 'image/webp' },
  { ext: 'avif', name: 'AVIF', mimeType: 'image/avif' },
  { ext: ['tif', 'tiff'], name: 'TIFF', mimeType: 'image/tiff' },
  { ext: ['heic', 'heif', 'hif'], name: 'HEIC', mimeType: 'image/heic' },
  { ext: 'gif', name: 'GIF', mimeType: 'image/gif' },
].map((kind) => ({ ...kind, role: 'Viewer', rank: 'Alternate' }));

/** Of the texts that Electron itself brings, in what each system calls them. */
const LANGUAGES = ['en-US', 'de', 'ru', 'ja'];

export function packageConfig(options: PackageOptions): Configuration {
  const { root, system, publisher, icons, licences, isRelease, vcRuntime } = options;
  return {
    appId: publisher.appId,
    productName: 'Enlarger',
    executableName: 'enlarger',
    artifactName: 'enlarger-${version}-${os}-${arch}.${ext}',
    copyright: `${publisher.name}, MIT licence`,
    directories: { output: path.join(root, 'out', 'packages'), buildResources: path.dirname(icons.mac) },
    extraMetadata: {
      main: 'out/electron/main.js',
      productName: 'Enlarger',
      // By it desktops of Linux know which windows are the program's.
      desktopName: 'enlarger.desktop',
      appId: publisher.appId,
      author: publisher.maintainer,
      homepage: publisher.homepage,
      ...(publisher.issues === null ? {} : { bugs: { url: publisher.issues } }),
      // For developers; the program reads none of it.
      ...{ knip: null, engines: null, optionalDependencies: null, dependencies: null },
    },
    files: [
      'out/electron/**',
      'out/engine/**',
      'out/renderer/**',
      // What builds remember of their sources.
      '!out/*/stamp',
      '!**/*.map',
      ...modulePatterns(system),
    ],
    asar: { smartUnpack: false },
    asarUnpack: UNPACKED,
    extraResources: [
      { from: path.join(root, 'models'), to: 'models', filter: ['*/card.json', '*/*.onnx'] },
      { from: licences, to: 'licences.txt' },
      ...(system === 'windows' && vcRuntime !== null
        ? [
            {
              from: vcRuntime,
              to: 'app.asar.unpacked/node_modules/onnxruntime-node/bin/napi-v6/win32/${arch}',
              filter: ['*.dll'],
            },
          ]
        : []),
    ],
    electronLanguages: LANGUAGES,
    fileAssociations: PHOTO_KINDS.map((kind) => ({ ...kind })),
    // Native code comes ready for Node-API, which is the same in Electron.
    npmRebuild: false,
    publish: null,
    forceCodeSigning: isRelease && system !== 'linux',
    ...(isRelease ? { electronFuses: RELEASE_FUSES } : {}),
    linux: {
      target: ['AppImage', 'deb'],
      icon: icons.linux,
      syncDesktopName: true,
      category: 'Graphics;Photography',
      maintainer: publisher.maintainer,
      synopsis: 'Enlarges personal photos with small neural networks',
    },
    win: { target: ['nsis'], icon: icons.windows, ...(isRelease ? { signtoolOptions: { publisherName: publisher.name } } : {}) },
    nsis: { oneClick: true, perMachine: false, deleteAppDataOnUninstall: false },
    mac: {
      // onnxruntime is there for Apple's processors only, and asks for macOS 14.
      target: ['dmg', 'zip'].map((target) => ({ target, arch: ['arm64'] as const })),
      minimumSystemVersion: '14.0',
      icon: icons.mac,
      category: 'public.app-category.photography',
      hardenedRuntime: true,
      // Folders may be dropped on the program in the dock.
      extendInfo: {
        CFBundleDocumentTypes: [
          {
            CFBundleTypeName: 'Folder',
            CFBundleTypeRole: 'Viewer',
            LSHandlerRank: 'None',
            LSItemContentTypes: ['public.folder'],
          },
        ],
      },
    },
  };
}
