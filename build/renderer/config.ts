/** @file How Vite builds the window, the same for the desktop and for browsers. */
import path from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { InlineConfig } from 'vite';

/**
 * @param root folder of the repository
 * @param outDirectory where the build goes; what lies there is removed
 */
export function rendererConfig(root: string, outDirectory: string): InlineConfig {
  return {
    configFile: false,
    root: path.join(root, 'renderer'),
    // The local server puts everything behind a token, the desktop behind a scheme: no address is absolute.
    base: './',
    publicDir: false,
    plugins: [svelte({ configFile: false })],
    // What there is to say is said by the command.
    logLevel: 'warn',
    build: {
      outDir: outDirectory,
      emptyOutDir: true,
      target: 'es2024',
      // The first ones that know light-dark(): what Vite puts in its place would fix every colour at the root.
      cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
      // Inlined scripts and pictures would need holes in the Content-Security-Policy.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
    },
  };
}
