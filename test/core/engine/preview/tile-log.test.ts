import { appendFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { logDigest, TileLog, type TileName } from '../../../../core/engine/preview/tile-log.ts';
import { pixelVersion, type ResultParts } from '../../../../core/photo/result.ts';
import { randomStream } from '../../../fixtures/pictures.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const folder = temporaryFolder('tile-log');
const parts: ResultParts = {
  sourceSha256: 'a'.repeat(64),
  orientation: 1,
  modelSha256: 'b'.repeat(64),
  passes: 1,
  strength: 'auto',
  resize: null,
  pixelVersion,
};
const digest = logDigest(parts, 256);
const tiles: readonly TileName[] = Array.from({ length: 12 }, (_, index) => ({ pass: index % 2, x: index, y: 3 }));
const samplesOf = ({ x }: TileName): Uint16Array => Uint16Array.from({ length: 50 + x }, (_, at) => (at * 977 + x) % 65536);

function written(name: string, of = tiles): string {
  const path = folder.of(name);
  const log = TileLog.append(path, digest);
  for (const tile of of) log.put(tile, samplesOf(tile));
  log.close();
  return path;
}

/** How many tiles come back; none may come back changed. */
function found(path: string): number {
  const log = TileLog.read(path, digest);
  if (log === null) return 0;
  const there = tiles.filter((tile) => {
    const samples = log.take(tile, 50 + tile.x, 16);
    if (samples !== null) expect(samples).toEqual(samplesOf(tile));
    return samples !== null;
  });
  log.close();
  return there.length;
}

describe('the tile log', () => {
  it('gives back what was put in, at once and after opening it again', () => {
    const path = folder.of('plain');
    const log = TileLog.append(path, digest);
    expect(log.take(tiles[0]!, 50, 16)).toBeNull();
    for (const tile of tiles) {
      log.put(tile, samplesOf(tile));
      expect(log.take(tile, 50 + tile.x, 16)).toEqual(samplesOf(tile));
    }
    log.close();
    expect(found(path)).toBe(tiles.length);
  });

  it('gives nothing of another length', () => {
    const log = TileLog.read(written('length'), digest);
    expect([log?.take(tiles[0]!, 49, 16), log?.take(tiles[0]!, 50, 8)]).toEqual([null, null]);
    log?.close();
  });

  it('is begun anew for other parts, and only then', () => {
    const others: [ResultParts, number][] = [
      [{ ...parts, sourceSha256: 'c'.repeat(64) }, 256],
      [{ ...parts, orientation: 6 }, 256],
      [{ ...parts, modelSha256: null }, 256],
      [{ ...parts, strength: 0.5 }, 256],
      [{ ...parts, pixelVersion: pixelVersion + 1 }, 256],
      [parts, 128],
    ];
    for (const [other, side] of others) {
      const path = written('other');
      expect(TileLog.read(path, logDigest(other, side))).toBeNull();
      TileLog.append(path, logDigest(other, side)).close();
      expect(statSync(path).size).toBe(40);
      expect(found(path)).toBe(0);
    }
    const path = written('same');
    const resized: ResultParts = { ...parts, resize: { width: 9, height: 9 } };
    TileLog.append(path, logDigest(resized, 256)).close();
    expect(found(path)).toBe(tiles.length);
  });

  it('loses at most the last tile when its end is torn, wherever, and goes on behind the whole ones', () => {
    const whole = readFileSync(written('whole'));
    for (let end = 0; end < whole.length; end += 37) {
      const path = folder.of('torn');
      writeFileSync(path, whole.subarray(0, end));
      const before = found(path);
      const log = TileLog.append(path, digest);
      for (const tile of tiles.slice(before)) log.put(tile, samplesOf(tile));
      log.close();
      expect([end, found(path)]).toEqual([end, tiles.length]);
    }
  });

  it('never gives a tile that is not as it was written', () => {
    const whole = readFileSync(written('flips'));
    const random = randomStream(5);
    for (let flip = 0; flip < 200; flip += 1) {
      const path = folder.of('flipped');
      const bytes = Buffer.from(whole);
      const at = Math.floor(random() * bytes.length);
      bytes[at] = bytes[at]! ^ (1 << Math.floor(random() * 8));
      writeFileSync(path, bytes);
      expect(found(path)).toBeLessThan(tiles.length);
    }
  });

  it('prefers the later of two tiles of one name, and takes rubbish behind the end for nothing', () => {
    const path = written('twice');
    const log = TileLog.append(path, digest);
    log.put(tiles[0]!, samplesOf(tiles[0]!).fill(7));
    expect(log.take(tiles[0]!, 50, 16)).toEqual(new Uint16Array(50).fill(7));
    log.close();
    appendFileSync(path, Buffer.alloc(1000, 0xff));
    const again = TileLog.read(path, digest);
    expect(again?.take(tiles[0]!, 50, 16)).toEqual(new Uint16Array(50).fill(7));
    again?.close();
  });

  it('that is not there is no log to read, and is not made by reading', () => {
    const path = folder.of('absent');
    expect(TileLog.read(path, digest)).toBeNull();
    expect(existsSync(path)).toBe(false);
    truncateSync(written('empty'), 0);
    expect(TileLog.read(folder.of('empty'), digest)).toBeNull();
  });
});
