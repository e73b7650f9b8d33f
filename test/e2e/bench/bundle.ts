/** What the window weighs on the way to a browser. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Figures } from './figures.ts';

/** The server has built it. */
const folder = fileURLToPath(new URL('../../../out/renderer', import.meta.url));
/** Stands in the viewer's own code. */
const markOfViewer = 'openSeadragon';

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(0)} KB`;

export function bundleFigures(): Figures {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(js|css|html)$/.test(name))
    .map((name) => {
      const content = readFileSync(join(folder, name));
      return {
        name,
        bytes: gzipSync(content, { level: 9 }).length,
        isViewer: new RegExp(markOfViewer, 'i').test(content.toString()) && content.length > 150_000,
      };
    });
  const viewer = files.filter(({ isViewer }) => isViewer);
  if (viewer.length !== 1) throw new Error(`${viewer.length} files look like the viewer, not one`);
  const sum = (of: typeof files): number => of.reduce((bytes, file) => bytes + file.bytes, 0);
  const languages = files.filter(({ name }) => /^assets\/(de|ru|ja)-/.test(name));
  return {
    rows: [
      { figure: 'bundle without the viewer, gzipped', measured: kilobytes(sum(files) - sum(viewer)), target: '≤ 300 KB' },
      { figure: '— of it the languages besides English', measured: kilobytes(sum(languages)), target: '' },
      { figure: '— the viewer', measured: kilobytes(sum(viewer)), target: '' },
    ],
    notes: [],
  };
}
