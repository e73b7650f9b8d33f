import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openConnection, type Connection } from '../../../core/library/connection.ts';
import { EnlargerError } from '../../../core/photo/failure.ts';

let folder: string;
let connection: Connection;
const damage = (what: string): EnlargerError => new EnlargerError('damaged', what);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'enlarger-connection-'));
  connection = openConnection(join(folder, 'a.db'), { damage });
  connection.exec('PRAGMA journal_mode = WAL; CREATE TABLE numbers (n INTEGER PRIMARY KEY, text TEXT) STRICT');
});
afterEach(() => {
  connection.close();
  rmSync(folder, { recursive: true, force: true });
});

const numbers = (): number[] => connection.all<{ n: number }>('SELECT n FROM numbers ORDER BY n').map(({ n }) => n);
const put = (n: number): unknown => connection.run('INSERT INTO numbers (n) VALUES (?)', n);

describe('a transaction', () => {
  it('is whole or has not been', () => {
    expect(connection.transaction(() => [put(1), put(2)].length)).toBe(2);
    expect(() =>
      connection.transaction(() => {
        put(3);
        throw new RangeError('no');
      }),
    ).toThrow(RangeError);
    expect(numbers()).toEqual([1, 2]);
  });

  it('can hold others, which can fail alone', () => {
    connection.transaction(() => {
      put(1);
      connection.transaction(() => put(2));
      expect(() =>
        connection.transaction(() => {
          put(3);
          connection.transaction(() => put(4));
          put(1);
        }),
      ).toThrow(/UNIQUE/);
      put(5);
    });
    expect(numbers()).toEqual([1, 2, 5]);
  });

  it('takes the inner ones back with it', () => {
    expect(() =>
      connection.transaction(() => {
        connection.transaction(() => put(1));
        throw new RangeError('no');
      }),
    ).toThrow(RangeError);
    expect(numbers()).toEqual([]);
  });

  it('refuses to wait', () => {
    expect(() => connection.transaction(() => Promise.resolve(put(1)))).toThrow(/cannot wait/);
    expect(numbers()).toEqual([]);
  });
});

describe('what SQLite says', () => {
  it('is told in words when the disk is full, nothing is half done, and it goes on when there is room', () => {
    const fill = (count: number): void => {
      connection.transaction(() => {
        for (let n = 0; n < count; n += 1) connection.run('INSERT INTO numbers VALUES (NULL, ?)', 'x'.repeat(1000));
      });
    };
    fill(10);
    connection.exec('PRAGMA max_page_count = 20');
    const full = expect.objectContaining({ code: 'disk-full', retry: true }) as Error;
    for (let time = 0; time < 3; time += 1) expect(() => fill(100)).toThrow(full);
    expect(numbers()).toHaveLength(10);
    connection.exec('PRAGMA max_page_count = 100000');
    fill(100);
    expect(numbers()).toHaveLength(110);
  });

  it('stays as it is when it is a defect of ours', () => {
    expect(() => connection.exec('SELEC')).toThrow(/syntax/);
    expect(() => put(connection.run('INSERT INTO numbers VALUES (7, NULL)').lastId)).toThrow(/UNIQUE/);
  });
});

describe('values', () => {
  it('come back as they were', () => {
    const texts = ['', '\u00e9', 'e\u0301', '🙂', 'a\nb', '\0', "'; DROP TABLE numbers; --"];
    for (const [index, text] of texts.entries()) connection.run('INSERT INTO numbers VALUES (?, ?)', index, text);
    expect(connection.all<{ text: string }>('SELECT text FROM numbers ORDER BY n').map(({ text }) => text)).toEqual(texts);
    const nanoseconds = 1_700_000_000_123_456_789n;
    connection.run('INSERT INTO numbers (n) VALUES (?)', nanoseconds);
    expect(connection.get('SELECT CAST(max(n) AS TEXT) AS n FROM numbers')).toEqual({ n: String(nanoseconds) });
  });
});
