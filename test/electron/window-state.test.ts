import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openWindowMemory, reachable } from '../../electron/window-state.ts';

const folder = mkdtempSync(join(tmpdir(), 'enlarger-window-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the memory', () => {
  test('gives back what it was told', async () => {
    const path = join(folder, 'told.json');
    const memory = openWindowMemory(path);
    memory.remember({ bounds: { x: -1, y: 2, width: 3, height: 4 } });
    memory.remember({ theme: 'light' });
    memory.remember({ maximized: true });
    await memory.close();
    expect(openWindowMemory(path).state).toEqual({
      bounds: { x: -1, y: 2, width: 3, height: 4 },
      maximized: true,
      theme: 'light',
    });
  });
  test('writes nothing when there is nothing new', async () => {
    const path = join(folder, 'untouched.json');
    await openWindowMemory(path).close();
    expect(() => readFileSync(path)).toThrow('ENOENT');
  });
  test.each([
    '',
    '{',
    'null',
    '[]',
    '{"bounds":5}',
    '{"bounds":{"x":0,"y":0,"width":-1,"height":1},"maximized":false,"theme":"dark"}',
  ])('is empty when its file holds %j', (text) => {
    const path = join(folder, 'damaged.json');
    writeFileSync(path, text);
    expect(openWindowMemory(path).state).toEqual({ bounds: null, maximized: false, theme: 'system' });
  });
  test('that cannot be written is only forgotten', async () => {
    const memory = openWindowMemory(join(folder, 'none', 'state.json'));
    memory.remember({ maximized: true });
    await expect(memory.close()).resolves.toBeUndefined();
  });
});

describe('a remembered place', () => {
  const left = { x: 0, y: 0, width: 1920, height: 1040 };
  const right = { x: 1920, y: 200, width: 1280, height: 984 };
  const place = (x: number, y: number, width = 1000, height = 700) => ({ x, y, width, height });

  test.each([
    ['is on a screen', place(100, 100), place(100, 100)],
    ['is on the second screen', place(2000, 300), place(2000, 300)],
    ['lies across both', place(1500, 300), place(1500, 300)],
    ['sticks out to the left', place(-800, 100), place(-800, 100)],
    ['sticks out below', place(100, 900), place(100, 900)],
    ['is smaller than a window may be', place(100, 100, 10, 10), place(100, 100, 360, 480)],
    ['is larger than the screen', place(0, 0, 4000, 3000), place(0, 0, 1920, 1040)],
  ])('that %s is kept', (_name, bounds, expected) => {
    expect(reachable(bounds, [left, right])).toEqual(expected);
  });
  test.each([
    ['is nowhere', null],
    ['is on no screen', place(9000, 100)],
    ['is far above', place(100, -5000)],
    ['has its title above the screen', place(100, -10)],
    ['has its title below the screen', place(100, 1030)],
    ['shows only its edge', place(-950, 100)],
  ])('that %s is forgotten', (_name, bounds) => {
    expect(reachable(bounds, [left, right])).toBeNull();
  });
  test('is forgotten when there is no screen', () => {
    expect(reachable(place(0, 0), [])).toBeNull();
  });
});
