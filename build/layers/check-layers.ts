import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import path from 'node:path';
import { importsOf } from './imports.ts';
import { hasOwner, judge } from './judge.ts';
import { importsOfComponent } from './svelte-imports.ts';

const SOURCES = '**/*.{ts,mts,cts,js,mjs,cjs,svelte}';

/** What a check of the whole tree found. */
export interface LayerReport {
  /** Number of source files looked at. */
  readonly fileCount: number;
  /** One line per broken rule: `file:line: what is wrong and what to do`, sorted by file. */
  readonly violations: readonly string[];
}

/**
 * Checks every source file of a checkout against the import law.
 *
 * @param root folder of the repository
 */
export async function checkLayers(root: string): Promise<LayerReport> {
  const files: string[] = [];
  for await (const found of glob(SOURCES, { cwd: root, exclude: isIgnored })) {
    const file = found.split(path.sep).join('/');
    // Settings of tools lie beside package.json; they belong to no layer and nothing imports them.
    if (file.includes('/')) files.push(file);
  }
  return { fileCount: files.length, violations: files.toSorted().flatMap((file) => violationsOf(root, file)) };
}

function violationsOf(root: string, file: string): string[] {
  if (!hasOwner(file))
    return [`${file}:1: no layer owns this file. Move it into one, or add its folder to build/layers/rules.ts.`];
  const text = readFileSync(path.join(root, file), 'utf8');
  const sites = file.endsWith('.svelte') ? importsOfComponent(file, text) : importsOf(file, text);
  return sites.flatMap((site) => {
    const wrong = judge(file, site);
    return wrong === null ? [] : [`${file}:${String(site.line)}: ${wrong}`];
  });
}

function isIgnored(file: string): boolean {
  return ['node_modules', '.git', '.cache', 'out'].includes(path.basename(file));
}
