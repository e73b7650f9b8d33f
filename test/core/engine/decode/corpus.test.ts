import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { sharedData } from '../../../fixtures/shared-data.ts';

interface Line {
  readonly path: string;
  readonly outcome: string;
  readonly ms: number;
  readonly rssBytes: number;
}

const long = process.env['ENLARGER_TEST_LONG'] === '1';
const script = fileURLToPath(new URL('./decode-files.ts', import.meta.url));

/** Decodes the files in a child process. Rejects when it crashes, or says nothing for 60 s: both name the file it was at. */
async function decodeInChild(paths: readonly string[]): Promise<Line[]> {
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines: Line[] = [];
  let rest = '';
  let silence = setTimeout(() => undefined, 0);
  const watch = (): void => {
    clearTimeout(silence);
    silence = setTimeout(() => child.kill('SIGKILL'), 60_000);
  };
  watch();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    watch();
    rest += text;
    const parts = rest.split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts.map((part) => JSON.parse(part) as Line));
  });
  child.stdin.end(paths.map((path) => `${path}\n`).join(''));
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.on('close', (...end) => {
      resolve(end);
    }),
  );
  clearTimeout(silence);
  if (code !== 0) throw new Error(`the decoder ended with ${String(code ?? signal)} at ${paths[lines.length] ?? 'the end'}`);
  return lines;
}

/** Files of a folder, every `step`th in a stable order. */
function files(folder: string, step = 1): string[] {
  return readdirSync(folder)
    .sort()
    .filter((_, index) => index % step === 0)
    .map((name) => join(folder, name));
}

function report(folder: string, lines: readonly Line[]): void {
  const counts = new Map<string, number>();
  for (const { outcome } of lines) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const slowest = lines.reduce((worst, line) => (line.ms > worst.ms ? line : worst));
  const text = [...counts].map(([outcome, count]) => `${outcome} ${String(count)}`).join(', ');
  console.log(
    `corpus/${folder}: ${String(lines.length)} files (${text}), slowest ${String(slowest.ms)} ms (${basename(slowest.path)})`,
  );
}

/** How many pictures of a folder decode at least; the rest are refused with a reason. */
const folders: readonly { name: string; decoded: number; step?: number }[] = [
  { name: 'orientation', decoded: 18 },
  { name: 'widegamut', decoded: 8 },
  { name: 'pngsuite', decoded: 139 },
  { name: 'libpng-testpngs', decoded: 100 },
  { name: 'sharp-fix', decoded: 55 },
  { name: 'exif-samples', decoded: 80 },
  { name: 'libvips', decoded: 40 },
  { name: 'libavif', decoded: 60 },
  { name: 'libheif-fuzz', decoded: 10 },
  { name: 'bmpsuite', decoded: 0 },
  { name: 'zune-fuzz', decoded: long ? 250 : 10, ...(long ? {} : { step: 11 }) },
];

describe.each(folders)('every file of corpus/$name', ({ name, decoded, step }) => {
  const folder = sharedData(`corpus/${name}`);
  if (folder === null) console.log(`corpus/${name} is not there: none of its files was decoded`);
  test.skipIf(folder === null)(
    'gives its picture or a reason',
    async () => {
      const paths = files(folder ?? '', step);
      expect(paths.length).toBeGreaterThan(0);
      const lines = await decodeInChild(paths);
      report(name, lines);
      expect(lines.filter((line) => line.outcome.startsWith('defect'))).toEqual([]);
      expect(lines).toHaveLength(paths.length);
      expect(lines.filter((line) => line.outcome === 'ok').length).toBeGreaterThanOrEqual(decoded);
    },
    600_000,
  );
});

/** What each bomb must give. */
const bombs: Record<string, { outcome: string }> = {
  'baseline-15000.jpg': { outcome: 'too-large' },
  'bomb-1bit-16383.png': { outcome: 'too-large' },
  'bomb-1bit-60000.png': { outcome: 'too-large' },
  'bomb-rgba16-16000.png': { outcome: 'too-large' },
  'hdr-2g.png': { outcome: 'too-large' },
  'html-as.png': { outcome: 'not-a-photo' },
  'iccp-bomb.png': { outcome: 'ok' },
  'jpg+html.jpg': { outcome: 'ok' },
  'jpg+zip.jpg': { outcome: 'ok' },
  'pdf-as.jpg': { outcome: 'not-a-photo' },
  'png-as.jpg': { outcome: 'ok' },
  'ppm.jpg': { outcome: 'unsupported-format' },
  'progressive-15000.jpg': { outcome: 'too-large' },
  'svg-as.jpg': { outcome: 'not-a-photo' },
  'zero.jpg': { outcome: 'not-a-photo' },
  'ztxt-bomb.png': { outcome: 'ok' },
};

const bombFolder = sharedData('corpus/bombs');
if (bombFolder === null) console.log('corpus/bombs is not there: none of its files was tried');

test.skipIf(bombFolder === null)(
  'every bomb is refused, or decoded within the memory that was estimated',
  async () => {
    const names = readdirSync(bombFolder ?? '');
    expect(names.sort()).toEqual(Object.keys(bombs).sort());
    const lines = await decodeInChild(names.map((name) => join(bombFolder ?? '', name)));
    report('bombs', lines);
    expect(Object.fromEntries(lines.map((line) => [basename(line.path), line.outcome]))).toEqual(
      Object.fromEntries(names.map((name) => [name, bombs[name]?.outcome])),
    );
    expect(Math.max(...lines.map((line) => line.rssBytes))).toBeLessThan(300 * 2 ** 20);
  },
  600_000,
);
