import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildRenderer } from '../../../build/renderer/build-renderer.ts';
import { temporaryTree } from '../temporary-tree.ts';

let root: string;
let said: string[];
beforeEach(() => {
  said = [];
  root = temporaryTree({
    'renderer/index.html': '<!doctype html><title>x</title><script type="module" src="./main.ts"></script>',
    'renderer/main.ts': "import { word } from '../core/photo/word.ts';\ndocument.title = word;\n",
    'core/photo/word.ts': "export const word: string = 'first';\n",
    'core/api/contract.ts': 'export {};\n',
    'core/jobs/queue.ts': 'export {};\n',
    'package-lock.json': '{}',
  });
});

const build = (force = false): Promise<boolean> => buildRenderer({ root, force, say: (sentence) => said.push(sentence) });
const of = (file: string): string => path.join(root, file);
const script = (): string => {
  const [name = ''] = readdirSync(of('out/renderer/assets')).filter((file) => file.endsWith('.js'));
  return readFileSync(of(`out/renderer/assets/${name}`), 'utf8');
};
/** Another time, as an editor that saves gives it. */
const touch = (file: string): void => {
  const later = new Date(statSync(of(file)).mtimeMs + 5000);
  utimesSync(of(file), later, later);
};

describe('a build of the window', () => {
  it('is made when there is none, and says so', async () => {
    expect(await build()).toBe(true);
    expect(said).toEqual(['building the window …']);
    expect(script()).toContain('first');
    expect(readFileSync(of('out/renderer/index.html'), 'utf8')).toMatch(/src="\.\/assets\/index-[\w-]+\.js"/);
  });

  it('is made once as long as nothing changes', async () => {
    await build();
    expect(await build()).toBe(false);
    expect(said).toHaveLength(1);
    expect(await build(true)).toBe(true);
  });

  it('is the new one when a source was edited, and nothing of the old one is left', async () => {
    await build();
    writeFileSync(of('core/photo/word.ts'), "export const word: string = 'other';\n");
    touch('core/photo/word.ts');
    expect(await build()).toBe(true);
    expect(script()).toContain('other');
    expect(readdirSync(of('out/renderer/assets'))).toHaveLength(1);
  });

  it.each(['renderer/main.ts', 'renderer/index.html', 'core/api/contract.ts', 'package-lock.json'])(
    'is stale when %s was saved',
    async (file) => {
      await build();
      touch(file);
      expect(await build()).toBe(true);
    },
  );

  it('is stale when a source came, went or got another name', async () => {
    await build();
    writeFileSync(of('renderer/new.ts'), '');
    expect(await build()).toBe(true);
    rmSync(of('renderer/new.ts'));
    expect(await build()).toBe(true);
  });

  it('is not stale when something changed that it is not made from', async () => {
    await build();
    touch('core/jobs/queue.ts');
    expect(await build()).toBe(false);
  });

  it('stays what it was when another one fails', async () => {
    await build();
    writeFileSync(of('renderer/main.ts'), "import '../core/photo/gone.ts';\n");
    await expect(build()).rejects.toThrow(/gone\.ts/);
    expect(script()).toContain('first');
    // And the next try is a try again.
    await expect(build()).rejects.toThrow(/gone\.ts/);
  });

  it('is made anew when its folder was taken away, or is not whole', async () => {
    await build();
    rmSync(of('out/renderer/stamp'));
    expect(await build()).toBe(true);
    rmSync(of('out'), { recursive: true });
    expect(await build()).toBe(true);
    mkdirSync(of('out/renderer.draft/assets'), { recursive: true });
    writeFileSync(of('out/renderer.draft/assets/torn.js'), '');
    expect(await build(true)).toBe(true);
    expect(existsSync(of('out/renderer/assets/torn.js'))).toBe(false);
  });

  it('is made by one of several that want it', async () => {
    const built = await Promise.all([build(), build(), build()]);
    expect(built.filter(Boolean)).toHaveLength(1);
  });
});
