/** Settings that belong to the library, as JSON by key. */
import type { z } from 'zod';
import type { Connection } from './connection.ts';
import { parsed } from './json-column.ts';

export interface Settings {
  /** Null when it was never set, or does not parse: then the caller's default holds. */
  get<Schema extends z.ZodType>(key: string, schema: Schema): z.output<Schema> | null;
  /** On the disk when it returns. Throws ZodError for a value that could not be read back. */
  set<Schema extends z.ZodType>(key: string, schema: Schema, value: z.input<Schema>): void;
}

export function settings(connection: Connection): Settings {
  return {
    get: (key, schema) =>
      parsed(schema, connection.get<{ value: string }>('SELECT value FROM settings WHERE key = ?', key)?.value ?? null),
    set(key, schema, value) {
      schema.parse(value);
      connection.run('INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)', key, JSON.stringify(value));
    },
  };
}
