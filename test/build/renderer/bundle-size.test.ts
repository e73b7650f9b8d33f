import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { beforeAll, describe, expect, it } from 'vitest';
import { rendererConfig } from '../../../build/renderer/config.ts';

/** Compressed, as a server would send it. */
const maxBytes = 300_000;

type Output = Extract<Awaited<ReturnType<typeof build>>, { readonly output: unknown }>['output'][number];
type Chunk = Extract<Output, { type: 'chunk' }>;

const root = path.resolve(import.meta.dirname, '../../..');
const outputs = new Map<string, Output>();

beforeAll(async () => {
  const config = rendererConfig(root, path.join(root, 'out', 'renderer'));
  const built = await build({ ...config, build: { ...config.build, write: false } });
  if (!('output' in built)) throw new Error('Vite made something else than one build.');
  for (const output of built.output) outputs.set(output.fileName, output);
});

const chunks = (): Chunk[] => [...outputs.values()].filter((output) => output.type === 'chunk');
const holds = ({ moduleIds }: Chunk, part: string): boolean => moduleIds.some((id) => id.includes(part));

/** Names of a chunk and of all that is loaded with it: what it imports, and styles. */
function loadedWith(name: string, found = new Set<string>()): Set<string> {
  const output = outputs.get(name);
  if (output === undefined || found.has(name)) return found;
  found.add(name);
  if (output.type !== 'chunk') return found;
  for (const style of output.viteMetadata?.importedCss ?? []) found.add(style);
  for (const imported of output.imports) loadedWith(imported, found);
  return found;
}

function gzippedBytes(names: Iterable<string>): number {
  let bytes = 0;
  for (const name of names) {
    const output = outputs.get(name);
    if (output !== undefined) bytes += gzipSync(output.type === 'chunk' ? output.code : output.source).length;
  }
  return bytes;
}

describe('the window', () => {
  it('is small before its first view', () => {
    const [entry, ...others] = chunks().filter(({ isEntry }) => isEntry);
    const page = chunks().find((chunk) => holds(chunk, '/renderer/page.ts'));
    expect(others).toEqual([]);
    const first = new Set([...loadedWith(entry?.fileName ?? ''), ...loadedWith(page?.fileName ?? '')]);
    expect(first.size).toBeGreaterThan(2);
    expect(chunks().filter((chunk) => first.has(chunk.fileName) && holds(chunk, '/openseadragon/'))).toEqual([]);
    expect(gzippedBytes(first)).toBeLessThan(maxBytes);
  });

  it('is small as a whole, but for the viewer and the languages that are not shown', () => {
    const apart = chunks().filter(
      (chunk) => holds(chunk, '/openseadragon/') || /\/messages\/(?!en)\w+\/index/.test(chunk.facadeModuleId ?? ''),
    );
    expect(apart.length).toBeGreaterThan(3);
    const rest = [...outputs.keys()].filter((name) => !apart.some(({ fileName }) => fileName === name));
    expect(gzippedBytes(rest)).toBeLessThan(maxBytes);
  });
});
