/** What is in a package for Linux, packed around a stand-in for Electron; and that it works. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePackage } from '../../../build/package/make-package.ts';
import { modelCardSchema } from '../../../core/photo/model-card.ts';
import { readFuses } from './fuse-wire.ts';
import { readAsar, type Archive } from './read-asar.ts';
import { makeStandInElectron } from './stand-in-electron.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const home = mkdtempSync(path.join(tmpdir(), 'enlarger-package-'));
const packed = path.join(home, 'packages', 'linux-unpacked');
const resources = path.join(packed, 'resources');
const models = path.join(resources, 'models');
const publisher = {
  ENLARGER_APP_ID: 'org.example.enlarger',
  ENLARGER_PUBLISHER: 'Example',
  ENLARGER_MAINTAINER: 'Example <packages@example.org>',
  ENLARGER_HOMEPAGE: 'https://example.org/enlarger',
};

/** Electron's program on Linux is linked with it; loaded before all else, it does to libraries what Electron does. */
const systemGobject = '/usr/lib/x86_64-linux-gnu/libgobject-2.0.so.0';

/** Bytes of our own that a package may have, Electron not counted. */
const mostBytes = 75e6;

let archive: Archive;
const names = (): string[] => [...archive.files.keys()];
const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
const bytesOf = (pattern: RegExp): number =>
  [...archive.files].filter(([name]) => pattern.test(name)).reduce((sum, [, { bytes }]) => sum + bytes, 0);

// electron-builder packs for the system that it runs on, and the stand-in is one for Linux.
describe.runIf(process.platform === 'linux' && process.arch === 'x64')('a release for Linux', () => {
  beforeAll(async () => {
    const electronDist = path.join(home, 'electron');
    makeStandInElectron(electronDist);
    await makePackage({
      root,
      env: publisher,
      isRelease: true,
      onlyFolder: true,
      say: () => undefined,
      overrides: { electronDist, directories: { output: path.join(home, 'packages') } },
    });
    archive = readAsar(path.join(resources, 'app.asar'));
    archive.extract(path.join(home, 'program'));
  }, 180_000);
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  test.each([
    'package.json',
    'out/electron/main.js',
    'out/electron/preload.cjs',
    'out/electron/icon.png',
    'out/engine/main.js',
    'out/renderer/index.html',
    'node_modules/sharp/dist/index.mjs',
    'node_modules/@img/sharp-wasm32/lib/sharp-wasm32-0.35.5.node.wasm',
    'node_modules/libheif-js/libheif-wasm/libheif-bundle.js',
    'node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime.so.1',
  ])('has %s', (name) => {
    expect(names()).toContain(name);
  });

  test.each([
    ['binaries for other systems', /onnxruntime-node\/bin\/napi-v6\/(?!linux\/x64\/)/],
    ['libraries of Windows and macOS', /\.(dll|dylib|exe)$/],
    ['the native sharp, which cannot run in Electron here', /@img\/sharp-(linux|libvips|darwin|win32)/],
    ['networks in the archive', /\.(onnx|safetensors)$/],
    ['source maps', /\.map$/],
    ['sources', /\.(ts|svelte|py|cc|h)$/],
    ['tests', /(^|\/)(tests?|__tests__)\//],
    ['training and the workshop', /^(models|build|core|cli|electron|renderer|test|docs|shared)\//],
    ['Node itself', /node_modules\/node-/],
    ['what is bundled', /node_modules\/(zod|@xmldom|ws|commander|svelte|openseadragon|i18next|electron)\//],
    ['what only builds', /node_modules\/(vite|rolldown|vitest|typescript|eslint|playwright|electron-builder)\//],
    ['what only installs', /node_modules\/(adm-zip|global-agent|onnxruntime-node\/script)\//],
    ['the stamps of builds', /^out\/\w+\/stamp$/],
  ])('leaves out %s', (_name, pattern) => {
    expect(names().filter((name) => pattern.test(name))).toEqual([]);
  });

  test('has native code and its WebAssembly beside the archive, and nothing else', () => {
    const unpacked = [...archive.files].filter(([, { isUnpacked }]) => isUnpacked).map(([name]) => name);
    expect(unpacked.length).toBeGreaterThan(0);
    for (const name of unpacked) expect(name).toMatch(/^node_modules\/(onnxruntime-node\/bin|@img)\//);
    expect(
      names()
        .filter((name) => /\.(node|so(\.\d+)?)$/.test(name))
        .every((name) => unpacked.includes(name)),
    ).toBe(true);
  });

  test('has every network whole, with its card, and nothing that trained it', () => {
    const ids = readdirSync(models);
    expect(ids).toEqual(expect.arrayContaining(['photo-x2', 'photo-x4', 'clean-x1']));
    for (const id of ids) {
      const card = modelCardSchema.parse(JSON.parse(readFileSync(path.join(models, id, 'card.json'), 'utf8')));
      expect(readdirSync(path.join(models, id)).sort()).toEqual(['card.json', ...card.variants.map(({ file }) => file)].sort());
      for (const { file, sha256 } of card.variants) {
        const hash = createHash('sha256')
          .update(readFileSync(path.join(models, id, file)))
          .digest('hex');
        expect(hash, `${id}/${file}`).toBe(sha256);
      }
    }
  });

  test('says in its manifest who made it, and nothing for developers', () => {
    const manifest = JSON.parse(readFileSync(path.join(home, 'program', 'package.json'), 'utf8')) as Record<string, unknown>;
    expect(manifest).toMatchObject({
      main: 'out/electron/main.js',
      type: 'module',
      productName: 'Enlarger',
      desktopName: 'enlarger.desktop',
      appId: 'org.example.enlarger',
      homepage: 'https://example.org/enlarger',
    });
    for (const name of ['scripts', 'devDependencies', 'dependencies', 'knip']) expect(manifest[name] ?? null).toBeNull();
  });

  test('has the licences of all that is in it', () => {
    const text = readFileSync(path.join(resources, 'licences.txt'), 'utf8');
    for (const name of [
      'Enlarger',
      'onnxruntime-node',
      'sharp',
      'libheif-js',
      'zod',
      'svelte',
      'openseadragon',
      '@img/sharp-wasm32',
    ])
      expect(text).toContain(name);
    expect(existsSync(path.join(packed, 'LICENSES.chromium.html'))).toBe(true);
  });

  test('has the texts of Electron in our languages only', () => {
    expect(readdirSync(path.join(packed, 'locales')).sort()).toEqual(['de.pak', 'en-US.pak', 'ja.pak', 'ru.pak']);
  });

  test('cannot be turned into something else: its fuses are set', () => {
    expect(readFuses(readFileSync(path.join(packed, 'enlarger')))).toEqual([
      'cookieEncryption',
      'embeddedAsarIntegrity',
      'onlyLoadAppFromAsar',
      'wasmTrapHandlers',
    ]);
  });

  test('is small', () => {
    const own = filesBelow(resources).reduce((sum, file) => sum + statSync(file).size, 0);
    const parts = {
      onnxruntime: bytesOf(/onnxruntime/),
      sharp: bytesOf(/sharp|@img|@emnapi|semver|detect-libc|tslib/),
      libheif: bytesOf(/libheif/),
      program: bytesOf(/^out\//),
      models: filesBelow(models).reduce((sum, file) => sum + statSync(file).size, 0),
    };
    expect(own, JSON.stringify(parts)).toBeLessThan(mostBytes);
    expect(Object.values(parts).reduce((sum, bytes) => sum + bytes, 0)).toBeGreaterThan(own * 0.99);
  });

  test.each(['electron/main.js', 'electron/preload.cjs', 'renderer'])('nothing in %s loads a decoder or a network', (part) => {
    const loads = /(from|import|require)\s*\(?\s*["'](sharp|onnxruntime-node|libheif-js)/;
    const file = path.join(home, 'program', 'out', part);
    for (const source of statSync(file).isDirectory() ? filesBelow(file) : [file])
      expect(loads.test(readFileSync(source, 'utf8')), source).toBe(false);
    expect(loads.test(readFileSync(path.join(home, 'program', 'out', 'engine', 'main.js'), 'utf8'))).toBe(true);
  });

  test('brings the thread that its engine has networks computed in', async () => {
    const thread = new Worker(path.join(home, 'program', 'out', 'engine', 'session-thread.js'));
    const bytes = readFileSync(path.join(models, 'photo-x2', 'int8.onnx'));
    thread.postMessage({ id: 1, type: 'open', file: { bytes, device: 'cpu', threads: 1, input: 'x', output: 'y' } });
    expect(await once(thread, 'message')).toEqual([{ id: 1, ok: true, dims: [], ms: 0 }]);
    await thread.terminate();
  });

  test('works: its main process, its engine and its networks enlarge a photo and export it', async () => {
    const photos = path.join(home, 'photos');
    const target = path.join(home, 'exported');
    for (const folder of [photos, target]) mkdirSync(folder);
    const photo = path.join(photos, 'lake.jpg');
    const noise = { type: 'gaussian', mean: 120, sigma: 30 } as const;
    writeFileSync(
      photo,
      await sharp({ create: { width: 240, height: 160, channels: 3, background: '#888', noise } })
        .jpeg()
        .toBuffer(),
    );

    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      [fileURLToPath(new URL('drive-packed.ts', import.meta.url)), path.join(home, 'program'), resources, photo, target],
      {
        env: {
          ...process.env,
          ENLARGER_CACHE: path.join(home, 'state'),
          ENLARGER_LIBRARY: path.join(home, 'library'),
          ...(existsSync(systemGobject) ? { LD_PRELOAD: systemGobject } : {}),
        },
      },
    );
    // What a native sharp says in thousands of lines when another glib was there first.
    expect(stderr).not.toContain('CRITICAL');
    expect(JSON.parse(stdout)).toEqual({
      pageStatus: 200,
      preload: path.join(home, 'program', 'out', 'electron', 'preload.cjs'),
      models: expect.arrayContaining(readdirSync(models)) as string[],
      problems: [],
      photos: 1,
    });
    expect(await sharp(path.join(target, 'lake.jpg')).metadata()).toMatchObject({ format: 'jpeg', width: 480, height: 320 });
  }, 180_000);
});
