/** @file How Vite bundles the parts of the desktop program that no page loads: the main process, its preload script and the engine. */
import path from 'node:path';
import type { InlineConfig } from 'vite';

/** Packages that stay packages: native code, WebAssembly, and what Electron brings itself. */
const KEPT_PACKAGES = ['electron', 'sharp', 'onnxruntime-node', /^libheif-js(\/|$)/];

interface Bundle {
  /** Source, relative to the repository. */
  readonly entry: string;
  /** File to be made, relative to the folder of all builds. */
  readonly file: string;
  readonly format: 'es' | 'cjs';
}

const BUNDLES: readonly Bundle[] = [
  { entry: 'electron/main.ts', file: 'electron/main.js', format: 'es' },
  // A sandboxed preload script cannot be a module, and can load nothing but Electron.
  { entry: 'electron/preload.ts', file: 'electron/preload.cjs', format: 'cjs' },
  { entry: 'core/engine/main.ts', file: 'engine/main.js', format: 'es' },
  // The thread that the engine starts, which it looks for beside itself.
  { entry: 'core/engine/network/session-thread.ts', file: 'engine/session-thread.js', format: 'es' },
];

/**
 * One configuration for each bundle. Nothing is minified: a stack trace from a user should be readable, and all of them are small.
 *
 * @param root folder of the repository
 * @param outDirectory folder of all builds
 */
export function programBundles(root: string, outDirectory: string): InlineConfig[] {
  return BUNDLES.map(({ entry, file, format }) => ({
    configFile: false,
    root,
    publicDir: false,
    logLevel: 'warn',
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: true,
      target: 'node24',
      minify: false,
      sourcemap: false,
      outDir: path.join(outDirectory, path.dirname(file)),
      emptyOutDir: false,
      rolldownOptions: {
        input: path.join(root, entry),
        external: KEPT_PACKAGES,
        output: {
          format,
          entryFileNames: path.basename(file),
          codeSplitting: false,
          // Doc comments are for who reads the sources; licences stay.
          comments: { legal: true, annotation: false, jsdoc: false },
        },
      },
    },
  }));
}
