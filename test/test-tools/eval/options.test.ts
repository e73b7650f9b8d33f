import { describe, expect, test } from 'vitest';
import { parseOptions, photosOf, setNames, tableNames } from '../../eval/options.ts';

describe('the options of eval', () => {
  test('ask for everything by default', () => {
    const options = parseOptions([]);
    expect(options).toEqual({
      models: null,
      sets: [...setNames],
      tables: [...tableNames],
      limit: null,
      full: false,
      json: null,
      cards: false,
    });
  });

  test('take lists, and give tables and sets their usual order', () => {
    const options = parseOptions(['--models', 'b,a', '--sets', 'Set14,Set5', '--tables', 'slider,standard', '--limit', '3']);
    expect(options).toMatchObject({ models: ['b', 'a'], sets: ['Set5', 'Set14'], tables: ['standard', 'slider'], limit: 3 });
  });

  test.each([
    ['--sets', 'Set6'],
    ['--tables', 'nothing'],
    ['--limit', '0'],
    ['--limit', 'many'],
    ['--models', ','],
    ['--cards', '--limit=3'],
    ['--cards', '--sets=Set5'],
    ['--unknown', 'x'],
  ])('refuse %s %s', (...args) => {
    expect(() => parseOptions(args)).toThrow();
  });

  test('limit the large set where every photo is run many times, unless all are asked for', () => {
    for (const table of tableNames) {
      for (const set of setNames) {
        if (table === 'half') continue;
        const few = set === 'BSD100' && table !== 'standard';
        expect(photosOf(set, table, { limit: null, full: false })).toBe(few ? 20 : Infinity);
        expect(photosOf(set, table, { limit: null, full: true })).toBe(Infinity);
        for (const full of [false, true]) expect(photosOf(set, table, { limit: 2, full })).toBe(2);
      }
    }
  });
});
