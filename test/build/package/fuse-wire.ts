/** The fuses in Electron's executable: https://www.electronjs.org/docs/latest/tutorial/fuses */

/** By these bytes tools find them. */
const SENTINEL = Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX', 'latin1');

/** In the order of the wire, version 1. */
export const FUSES = [
  'runAsNode',
  'cookieEncryption',
  'nodeOptions',
  'nodeCliInspect',
  'embeddedAsarIntegrity',
  'onlyLoadAppFromAsar',
  'browserV8Snapshot',
  'grantFileProtocolExtraPrivileges',
  'wasmTrapHandlers',
] as const;
export type Fuse = (typeof FUSES)[number];

/** The part of an executable that holds them, with those of `on` on. */
export function fuseWire(on: readonly Fuse[]): Buffer {
  const states = FUSES.map((fuse) => (on.includes(fuse) ? '1' : '0')).join('');
  return Buffer.concat([SENTINEL, Buffer.from([1, FUSES.length]), Buffer.from(states, 'latin1')]);
}

/** Those that are on. Throws when the executable has none. */
export function readFuses(executable: Buffer): Fuse[] {
  const at = executable.indexOf(SENTINEL) + SENTINEL.length;
  if (at < SENTINEL.length || executable[at] !== 1 || executable[at + 1] !== FUSES.length)
    throw new Error('no fuses of version 1');
  return FUSES.filter((_, index) => executable[at + 2 + index] === '1'.charCodeAt(0));
}
