/** @file Which files of `node_modules` go into a package: what the engine loads at run time. All else is bundled, or is not needed. */

/** Packages that may be packed, as far as they are installed. */
export const PACKED_MODULES = [
  'onnxruntime-node',
  'onnxruntime-common',
  'sharp',
  'detect-libc',
  'semver',
  '@img',
  '@emnapi',
  'tslib',
  'libheif-js',
] as const;

export type System = 'linux' | 'windows' | 'mac';

/** Names that onnxruntime and sharp give to systems. */
const NATIVE_NAMES: Readonly<Record<System, string>> = { linux: 'linux', windows: 'win32', mac: 'darwin' };

/**
 * Patterns for electron-builder's `files`, which for packages knows only exclusion. `${arch}` is what is packed for.
 *
 * On Linux sharp has to be the WebAssembly build: Electron's program brings glib, and the native build, which brings another one, then calls the wrong
 * functions and dies (electron/electron#46323).
 */
export function modulePatterns(system: System): string[] {
  const native = NATIVE_NAMES[system];
  return [
    `**/node_modules/!(${PACKED_MODULES.join('|')})/**`,
    // Binaries of other systems, and what only installing needs.
    `**/node_modules/onnxruntime-node/bin/napi-v6/!(${native})/**`,
    `**/node_modules/onnxruntime-node/bin/napi-v6/${native}/!(\${arch})/**`,
    '**/node_modules/onnxruntime-node/{script,lib}/**',
    '**/node_modules/onnxruntime-common/{lib,dist/esm}/**',
    ...nativePatterns[system],
    // Sources of native code, and the second copy of libheif without WebAssembly.
    '**/node_modules/sharp/{src,install,lib}/**',
    '**/node_modules/libheif-js/libheif/**',
    '**/node_modules/libheif-js/libheif-wasm/!(libheif-bundle.js|LICENSE)',
    // What nobody loads: types, and the same code once more for other loaders.
    '**/node_modules/**/*.{map,d.ts,d.cts,d.mts,tsbuildinfo}',
    '**/node_modules/sharp/dist/*.cjs',
    '**/node_modules/@emnapi/runtime/dist/!(emnapi.cjs*)',
    '**/node_modules/tslib/{modules/**,*.html,*.mjs,tslib.es6.js}',
  ].map((pattern) => `!${pattern}`);
}

const nativePatterns: Readonly<Record<System, readonly string[]>> = {
  linux: ['**/node_modules/@img/sharp-{linux,linuxmusl,libvips}*/**'],
  windows: [
    '**/node_modules/@img/sharp-wasm32/**',
    // Only DirectML needs it, which is not used; onnxruntime.dll loads it when asked to, not before.
    '**/node_modules/onnxruntime-node/bin/**/DirectML.dll',
  ],
  mac: [
    '**/node_modules/@img/sharp-wasm32/**',
    // The same file lies beside it under the name that is loaded.
    '**/node_modules/onnxruntime-node/bin/**/libonnxruntime.+([0-9]).+([0-9]).+([0-9]).dylib',
  ],
};

/** Files that have to lie outside the archive: the system loads native code by path, and so does WebAssembly's loader. */
export const UNPACKED = ['**/node_modules/onnxruntime-node/bin/**', '**/node_modules/@img/**'];
