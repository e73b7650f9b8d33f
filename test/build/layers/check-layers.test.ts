import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkLayers } from '../../../build/layers/check-layers.ts';
import { temporaryTree } from '../temporary-tree.ts';

const command = path.resolve(import.meta.dirname, '../../../build/check-layers.ts');

/** A tree in which every layer imports what it may, in every way it may. */
const CLEAN = {
  'core/photo/plan.ts': "import { z } from 'zod';\nimport { a } from './facts.ts';\nexport const b = [z, a];\n",
  'core/photo/facts.ts': 'export const a = 1;\n',
  'core/api/schema.ts':
    "import { z } from 'zod';\nimport type { a } from '../photo/facts.ts';\nexport type B = typeof a;\nexport { z };\n",
  'core/engine/main.ts':
    "import sharp from 'sharp';\nimport * as ort from 'onnxruntime-node';\nimport { DOMParser } from '@xmldom/xmldom';\n" +
    "import xmldom from '@xmldom/xmldom';\nimport fs from 'node:fs';\nexport * from '../photo/plan.ts';\n" +
    "const heif = await import('libheif-js');\n",
  'core/disk/file-ops.ts': "import fs from 'node:fs';\nimport { a } from '../photo/facts.ts';\n",
  'core/cache/index.ts': "import { a } from '../photo/facts.ts';\nimport '../disk/file-ops.ts';\n",
  'core/jobs/run.ts':
    "import type { B } from '../api/schema.ts';\nimport '../cache/index.ts';\nimport { fork } from 'node:child_process';\n",
  'cli/main.ts':
    "import { Command } from 'commander';\nimport '../core/jobs/run.ts';\n// import sharp from 'sharp';\n" +
    "const engine = new URL('../core/engine/main.ts', import.meta.url);\n",
  'core/host/place.ts':
    "import '../jobs/run.ts';\nimport { z } from 'zod';\nimport path from 'node:path';\nexport { path, z };\n",
  'cli/serve.ts': "import { WebSocketServer } from 'ws';\nimport '../core/host/place.ts';\n",
  'electron/main.ts': "import { app } from 'electron';\nimport '../core/host/place.ts';\n",
  'renderer/main.ts': "import { mount } from 'svelte';\nimport { z } from '../core/api/schema.ts';\nimport './ui/base.css';\n",
  'renderer/View.svelte':
    '<script module lang="ts">\n  import type { a } from \'../core/photo/facts.ts\';\n</script>\n\n' +
    '<script lang="ts" generics="T extends Map<string, number>">\n  import Icon from \'@lucide/svelte/icons/x\';\n</script>\n\n' +
    "{#await import('./Other.svelte') then { default: Other }}<Other /><Icon />{/await}\n",
  'models/compress/quantize.ts': "import fs from 'node:fs';\n",
  'build/tool.mjs': "import '../core/engine/main.ts';\nimport ts from 'typescript';\n",
  'test/a.test.ts': "import '../build/tool.mjs';\n",
  'vitest.config.ts': "import { defineConfig } from 'vitest/config';\n",
  'node_modules/x/index.js': "require('electron');\n",
};

/** What breaks each rule: the file, its source, and what the message must name. */
const BROKEN: readonly (readonly [rule: string, file: string, source: string, says: RegExp])[] = [
  [
    'core/photo imports a package other than zod',
    'core/photo/x.ts',
    "import sharp from 'sharp';",
    /package sharp .*core\/engine/,
  ],
  ['core/photo imports node:', 'core/photo/x.ts', "import fs from 'node:fs';", /node:fs/],
  ['core/photo imports a builtin without node:', 'core/photo/x.ts', "import path from 'path';", /path/],
  ['core/photo imports another layer', 'core/photo/x.ts', "import '../engine/main.ts';", /core\/engine/],
  [
    'core/photo imports even a type of another layer',
    'core/photo/x.ts',
    "import type { B } from '../api/schema.ts';",
    /core\/api/,
  ],
  ['core/engine imports the jobs', 'core/engine/x.ts', "import '../jobs/run.ts';", /core\/jobs/],
  ['core/engine imports the command line library', 'core/engine/x.ts', "import { Command } from 'commander';", /commander .*cli/],
  ['core/disk imports what stands on it', 'core/disk/x.ts', "import '../cache/index.ts';", /core\/cache/],
  ['core/cache imports the jobs', 'core/cache/x.ts', "import '../jobs/run.ts';", /core\/jobs/],
  ['core/jobs imports the engine', 'core/jobs/x.ts', "import '../engine/main.ts';", /by message/],
  ['core/jobs imports a type of the engine', 'core/jobs/x.ts', "import type { E } from '../engine/main.ts';", /by message/],
  ['core/jobs imports a value of the api', 'core/jobs/x.ts', "import { z } from '../api/schema.ts';", /only types of core\/api/],
  ['core/jobs imports pixels', 'core/jobs/x.ts', "import * as ort from 'onnxruntime-node';", /onnxruntime-node .*core\/engine/],
  ['cli imports the engine', 'cli/x.ts', "import '../core/engine/main.ts';", /by message/],
  ['cli imports sharp', 'cli/x.ts', "import sharp from 'sharp';", /package sharp/],
  ['cli imports libheif-js', 'cli/x.ts', "import heif from 'libheif-js/wasm-bundle';", /package libheif-js/],
  ['cli imports an XML parser', 'cli/x.ts', "import { DOMParser } from '@xmldom/xmldom';", /@xmldom\/xmldom/],
  ['cli imports xmldom', 'cli/x.ts', "import xmldom from '@xmldom/xmldom';", /xmldom .*core\/engine/],
  ['cli imports an unknown package', 'cli/x.ts', "import 'left-pad';", /left-pad .*CONTRIBUTING/],
  ['renderer imports node:', 'renderer/x.ts', "import fs from 'node:fs';", /node:fs/],
  ['renderer imports the host', 'renderer/x.ts', "import '../core/host/place.ts';", /core\/host/],
  ['renderer imports the desktop', 'renderer/x.ts', "import { app } from 'electron';", /electron .*Move the code to electron/],
  [
    'a component imports the host',
    'renderer/X.svelte',
    '<script lang="ts">import \'../core/host/place.ts\';</script>',
    /core\/host/,
  ],
  [
    'the module of a component imports node:',
    'renderer/X.svelte',
    '<script module lang="ts">import fs from \'node:fs\';</script>',
    /node:fs/,
  ],
  [
    'the markup of a component imports the host',
    'renderer/X.svelte',
    "{#await import('../core/host/place.ts')}{/await}",
    /core\/host/,
  ],
  ['the markup of a component computes an import', 'renderer/X.svelte', '{#await import(location.hash)}{/await}', /plain string/],
  ['core/jobs imports the host', 'core/jobs/x.ts', "import '../host/place.ts';", /core\/host/],
  ['the host imports the desktop', 'core/host/x.ts', "import { app } from 'electron';", /electron .*Move the code to electron/],
  ['the desktop imports the command line', 'electron/x.ts', "import '../cli/main.ts';", /may not import cli/],
  ['something imports build', 'cli/x.ts', "import '../build/tool.mjs';", /nothing may import build/],
  ['something imports test', 'core/engine/x.ts', "import '../../test/a.test.ts';", /nothing may import test/],
  [
    'something imports a type of test',
    'core/engine/x.ts',
    "import type { T } from '../../test/a.test.ts';",
    /nothing may import test/,
  ],
  ['a file belongs to no layer', 'attic/x.ts', 'export {};', /no layer owns this file/],
  ['an import leaves the repository', 'cli/x.ts', "import '../../elsewhere.ts';", /outside the repository/],
  ['an import is computed', 'cli/x.ts', 'await import(process.argv[2] ?? "");', /plain string/],
];

/** Ways to import the same thing as a value. */
const VALUE_FORMS = [
  (what: string) => `import x from '${what}';`,
  (what: string) => `import { type y, x } from '${what}';`,
  (what: string) => `import { type y } from '${what}';`,
  (what: string) => `import '${what}';`,
  (what: string) => `export { x } from '${what}';`,
  (what: string) => `export * from '${what}';`,
  (what: string) => `const x = await import('${what}');`,
  (what: string) => `const x = await import(\`${what}\`);`,
  (what: string) => `const x = require('${what}');`,
  (what: string) => `const x = require.resolve('${what}');`,
  (what: string) => `const x = createRequire(import.meta.url)('${what}') as () => X;`,
];

const TYPE_FORMS = [
  (what: string) => `import type { x } from '${what}';`,
  (what: string) => `import type x from '${what}';`,
  (what: string) => `export type { x } from '${what}';`,
  (what: string) => `export type X = import('${what}').x;`,
];

describe('the import law', () => {
  it('finds nothing wrong with a tree that keeps it', async () => {
    const report = await checkLayers(temporaryTree(CLEAN));
    expect(report.violations).toEqual([]);
    // The settings file beside package.json and the installed package are not sources of a layer.
    expect(report.fileCount).toBe(Object.keys(CLEAN).length - 2);
  });

  it.each(BROKEN)('is broken when %s', async (_rule, file, source, says) => {
    const { violations } = await checkLayers(temporaryTree({ ...CLEAN, [file]: `\n\n${source}\n` }));
    expect(violations).toHaveLength(1);
    expect(violations[0]).toMatch(says);
    expect(violations[0]).toMatch(new RegExp(`^${file}:(3|1): `));
  });

  it.each(VALUE_FORMS.map((form) => [form('../core/engine/main.ts')]))('sees %s', async (source) => {
    const { violations } = await checkLayers(temporaryTree({ ...CLEAN, 'cli/x.ts': `${source}\n` }));
    expect(violations).toHaveLength(1);
  });

  it.each(TYPE_FORMS.map((form) => [form('../api/schema.ts')]))(
    'takes %s for a type where only types are allowed',
    async (source) => {
      const { violations } = await checkLayers(temporaryTree({ ...CLEAN, 'core/jobs/x.ts': `${source}\n` }));
      expect(violations).toEqual([]);
    },
  );

  it.each(VALUE_FORMS.map((form) => [form('../api/schema.ts')]))('takes %s for a value', async (source) => {
    const { violations } = await checkLayers(temporaryTree({ ...CLEAN, 'core/jobs/x.ts': `${source}\n` }));
    expect(violations).toHaveLength(1);
  });
});

describe('the command', () => {
  const run = (root: string) => spawnSync(process.execPath, [command, root], { encoding: 'utf8' });

  it('succeeds on a clean tree', () => {
    expect(run(temporaryTree(CLEAN)).status).toBe(0);
  });

  it('fails and names file and line when the law is broken', () => {
    const { status, stderr } = run(temporaryTree({ ...CLEAN, 'cli/x.ts': "import sharp from 'sharp';\n" }));
    expect(status).toBe(1);
    expect(stderr).toContain('cli/x.ts:1: ');
  });

  it('fails when it finds no source file', () => {
    const { status, stderr } = run(temporaryTree({ 'README.md': '' }));
    expect(status).toBe(1);
    expect(stderr).toContain('no source file');
  });
});
