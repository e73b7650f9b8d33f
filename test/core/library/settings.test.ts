import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openCatalog } from '../../../core/library/catalog.ts';

const limit = z.object({ limitBytes: z.int().positive() });

describe('a setting', () => {
  it('is what was set last, and null before', () => {
    const { settings, close } = openCatalog({ path: ':memory:' });
    expect(settings.get('cache', limit)).toBeNull();
    settings.set('cache', limit, { limitBytes: 5 });
    settings.set('cache', limit, { limitBytes: 7 });
    expect(settings.get('cache', limit)).toEqual({ limitBytes: 7 });
    expect(settings.get('other', limit)).toBeNull();
    close();
  });

  it('that another version wrote otherwise is as if it had not been set', () => {
    const { settings, close } = openCatalog({ path: ':memory:' });
    settings.set('cache', z.string(), 'much');
    expect(settings.get('cache', limit)).toBeNull();
    close();
  });

  it('cannot be set to what could not be read back', () => {
    const { settings, close } = openCatalog({ path: ':memory:' });
    expect(() => {
      settings.set('cache', limit, { limitBytes: -1 });
    }).toThrow();
    expect(settings.get('cache', limit)).toBeNull();
    close();
  });
});
