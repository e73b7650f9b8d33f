import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from './run-cli.ts';

let folder: string;
const names = ['a.jpg', '-r.jpg', '-dash.jpg'];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'enlarger-usage-'));
  for (const name of names) await writeFile(join(folder, name), 'no photo, but nobody gets to look at it');
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Words of the command line, and what the sentence must speak of. */
const wrongUses: [args: string[], mentions: string][] = [
  [['frobnicate'], 'frobnicate'],
  [['a.jpg'], 'enhance'],
  [['--frobnicate'], '--frobnicate'],
  [['enhance'], 'No photo or folder'],
  [['enhance', ''], 'empty path'],
  [['enhance', 'a.jpg', '--frobnicate'], '--frobnicate'],
  [['enhance', '-r.jpg'], 'write ./-r.jpg'],
  [['enhance', 'a.jpg', '-dash.jpg'], 'write ./-dash.jpg'],
  [['enhance', 'a.jpg', '-s'], '--scale'],
  [['enhance', 'a.jpg', '-s', '3'], '--width'],
  [['enhance', 'a.jpg', '-s', '2.0'], '--scale'],
  [['enhance', 'a.jpg', '-s', '-2'], '--scale'],
  [['enhance', 'a.jpg', '--width', '0'], '--width'],
  [['enhance', 'a.jpg', '--width', '1e3'], '--width'],
  [['enhance', 'a.jpg', '--height', '10.5'], '--height'],
  [['enhance', 'a.jpg', '--long-side', 'big'], '--long-side'],
  [['enhance', 'a.jpg', '--long-side', '99999999999999999999'], '--long-side'],
  [['enhance', 'a.jpg', '--megapixels', '-1'], '--megapixels'],
  [['enhance', 'a.jpg', '--megapixels', '0'], '--megapixels'],
  [['enhance', 'a.jpg', '--megapixels', 'Infinity'], '--megapixels'],
  [['enhance', 'a.jpg', '-s', '2', '--width', '100'], 'contradict'],
  [['enhance', 'a.jpg', '--width', '100', '--height', '100'], 'contradict'],
  [['enhance', 'a.jpg', '--long-side', '100', '--megapixels', '1'], 'contradict'],
  [['enhance', 'a.jpg', '-q', '0'], '--quality'],
  [['enhance', 'a.jpg', '-q', '101'], '--quality'],
  [['enhance', 'a.jpg', '-q', '90%'], '--quality'],
  [['enhance', 'a.jpg', '-f', 'bmp'], 'webp'],
  [['enhance', 'a.jpg', '--device', 'gpu'], 'webgpu'],
  [['enhance', 'a.jpg', '--on-conflict', 'ask'], 'overwrite'],
  [['enhance', 'a.jpg', '--strip', 'exif'], 'gps'],
  [['enhance', 'a.jpg', '--denoise', '1.1'], '--denoise'],
  [['enhance', 'a.jpg', '--denoise', '-0.1'], '--denoise'],
  [['enhance', 'a.jpg', '--denoise', 'strong'], '--denoise'],
  [['enhance', 'a.jpg', '-m', ''], '--model'],
  [['enhance', 'a.jpg', '-o', ''], '--out'],
  [['enhance', 'a.jpg', '-o', '--json'], '--out'],
  [['enhance', 'a.jpg', '--json', '-q', 'high'], '--quality'],
  [['enhance', 'a.jpg', '--sample'], '--sample'],
  [['-q', '90', 'enhance', 'a.jpg'], '-q'],
  [['models', 'frobnicate'], 'frobnicate'],
  [['models', 'show'], 'id'],
  [['models', 'list', '--long'], '--long'],
  [['devices', 'cpu'], 'devices'],
  [['bench', '--device', 'gpu'], 'webgpu'],
];

describe.concurrent('wrong use', () => {
  it.each(wrongUses)('%j ends with code 2 and a sentence, and touches nothing', async (args, mentions) => {
    const { code, stdout, stderr } = await runCli(args, { cwd: folder, env: { ENLARGER_CACHE: join(folder, 'cache') } });
    expect(code, stderr).toBe(2);
    expect(stdout).toBe('');
    const [sentence = '', usage = ''] = stderr.split('\n');
    expect(sentence).toMatch(/^enlarger: \S/);
    expect(sentence).toContain(mentions);
    expect(usage).toMatch(/^Usage: enlarger /);
    expect(stderr).not.toMatch(/^ +at /m);
    expect((await readdir(folder)).sort()).toEqual([...names].sort());
  });
});

describe.concurrent('help', () => {
  it('is what no arguments get, on stderr with code 2', async () => {
    const { code, stdout, stderr } = await runCli([]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('enhance');
  });

  it.each([
    [['--help']],
    [['help']],
    [['-h']],
    [['enhance', '--help']],
    [['models', '--help']],
    [['models', 'verify', '--help']],
    [['devices', '-h']],
    [['bench', '-h']],
  ])('is printed on stdout by %j with code 0', async (args) => {
    const { code, stdout, stderr } = await runCli(args);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Usage: enlarger/);
  });

  it('names every option of the contract', async () => {
    const { stdout } = await runCli(['enhance', '--help']);
    const flags = [
      '-o, --out',
      '-s, --scale',
      '--width',
      '--height',
      '--long-side',
      '--megapixels',
      '-m, --model',
      '--denoise',
      '-f, --format',
    ];
    const more = ['-q, --quality', '--device', '--on-conflict', '--strip', '-r, --recursive', '--json', '--sample'];
    for (const flag of [...flags, ...more]) expect(stdout).toContain(`  ${flag} `);
  });

  it('has the version', async () => {
    const { code, stdout } = await runCli(['--version']);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
  });
});
