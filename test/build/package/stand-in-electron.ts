/** A folder that looks like Electron's distribution for Linux to whoever packs it. Nothing in it runs. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fuseWire } from './fuse-wire.ts';

/** As Electron ships its fuses. */
const wire = fuseWire(['runAsNode', 'nodeOptions', 'nodeCliInspect', 'grantFileProtocolExtraPrivileges', 'wasmTrapHandlers']);

export function makeStandInElectron(folder: string): void {
  mkdirSync(path.join(folder, 'resources'), { recursive: true });
  mkdirSync(path.join(folder, 'locales'), { recursive: true });
  writeFileSync(path.join(folder, 'electron'), Buffer.concat([Buffer.from('#!/bin/sh\nexit 1\n'), wire]));
  for (const file of ['LICENSE', 'LICENSES.chromium.html', 'chrome-sandbox']) writeFileSync(path.join(folder, file), '\n');
  for (const locale of ['en-US', 'de', 'ru', 'ja', 'fr', 'zh-CN'])
    writeFileSync(path.join(folder, 'locales', `${locale}.pak`), '\n');
  for (const file of ['electron', 'chrome-sandbox']) chmodSync(path.join(folder, file), 0o755);
}
