/** @file Electron's fuses in a release: what the program cannot be made to do, not even by whoever starts it. */
import type { Configuration } from 'electron-builder';

/** WebAssembly's trap handlers are not named, and stay as Electron sets them: they make it fast. */
export const RELEASE_FUSES: NonNullable<Configuration['electronFuses']> = {
  // No plain Node with our name, our rights and our signature.
  runAsNode: false,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  enableCookieEncryption: true,
  // The archive is the one that was built, and nothing is loaded from beside it.
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
  grantFileProtocolExtraPrivileges: false,
  // There is no snapshot of our own.
  loadBrowserProcessSpecificV8Snapshot: false,
};
