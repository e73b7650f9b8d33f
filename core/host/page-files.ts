/** The built window, read once at the start: what is asked for is looked up by its whole name, so that no name that was sent reaches the disk. */
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

export interface PageFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  /** Whether the name changes whenever the content does. */
  readonly immutable: boolean;
}

/** By the path below the page's address, for example `/index.html` or `/assets/index-4f2a.js`. */
export type PageFiles = ReadonlyMap<string, PageFile>;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** All regular files of known kinds below a folder. Links are none, wherever they lead. Rejects when there is no page, which is then not built. */
export async function readPageFiles(folder: string): Promise<PageFiles> {
  const files = new Map<string, PageFile>();
  const search = async (below: string): Promise<void> => {
    // Level by level: it may lie in a program's archive, which knows no more than that.
    for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
      const name = `${below}/${entry.name}`;
      const type = types[extname(entry.name)];
      if (entry.isDirectory()) await search(name);
      else if (entry.isFile() && type !== undefined) {
        // The build puts a hash of the content into the name of everything in this folder.
        const immutable = name.startsWith('/assets/');
        files.set(name, { bytes: new Uint8Array(await readFile(join(folder, name))), type, immutable });
      }
    }
  };
  await search('');
  if (!files.has('/index.html')) throw new Error(`There is no page in ${folder}.`);
  return files;
}
