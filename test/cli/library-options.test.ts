import { describe, expect, it } from 'vitest';
import { parseExportOptions } from '../../cli/export-options.ts';
import { parseChoice, parseIds, parseListOptions, parseResultState, parseVerdict } from '../../cli/library-options.ts';
import { UsageError } from '../../cli/usage-error.ts';

describe('numbers of the library', () => {
  it('are whole numbers from 1 on, as the lists print them', () => {
    expect(parseIds(['1', '42', '999999999999999'])).toEqual([1, 42, 999_999_999_999_999]);
    for (const word of ['', '0', '-1', '1.5', '01', '+1', '1e3', '0x1', ' 1', '٣', 'a', '9'.repeat(16)])
      expect(() => parseIds([word])).toThrow(UsageError);
  });
});

describe('which photos', () => {
  it('is said in one way', () => {
    expect(parseChoice(['3', '4'], {})).toEqual({ ids: [3, 4] });
    expect(parseChoice([], { album: 'Norway' })).toEqual({ album: 'Norway' });
    expect(parseChoice([], { query: 'fjord' })).toEqual({ text: 'fjord' });
    expect(parseChoice([], {})).toBeNull();
    expect(() => parseChoice(['3'], { album: 'Norway' })).toThrow(/numbers or by --album/);
    expect(() => parseChoice([], { album: 'Norway', query: 'fjord' })).toThrow(UsageError);
    expect(() => parseChoice([], { album: ' ' })).toThrow(UsageError);
  });
});

describe('the list', () => {
  it('passes on what is asked for, and nothing else', () => {
    expect(parseListOptions({})).toEqual({ sort: 'taken', descending: false });
    expect(parseListOptions({ query: 'a', album: 'b', state: 'ready', sort: 'name', descending: true })).toEqual({
      text: 'a',
      album: 'b',
      state: 'ready',
      sort: 'name',
      descending: true,
    });
    expect(() => parseListOptions({ state: 'done' })).toThrow(/--state takes none, queued/);
    expect(() => parseListOptions({ sort: 'colour' })).toThrow(UsageError);
  });
});

describe('verdicts', () => {
  it('need numbers or --all', () => {
    expect(parseVerdict(['5'], undefined)).toEqual([5]);
    expect(parseVerdict([], true)).toBeNull();
    expect(() => parseVerdict([], undefined)).toThrow(/--all/);
    expect(() => parseVerdict(['5'], true)).toThrow(UsageError);
    expect(parseResultState(undefined)).toBeNull();
    expect(parseResultState('accepted')).toBe('accepted');
    expect(() => parseResultState('queued')).toThrow(UsageError);
  });
});

describe('the options of export', () => {
  it('have defaults that change nothing', () => {
    expect(parseExportOptions({ out: 'x' })).toEqual({
      out: 'x',
      settings: {
        format: 'same',
        quality: null,
        size: null,
        densityDpi: null,
        strip: 'none',
        template: '{name}',
        conflict: 'rename',
      },
    });
  });

  it('are all taken', () => {
    const { settings } = parseExportOptions({
      out: 'x',
      format: 'webp',
      quality: '80',
      longSide: '2000',
      dpi: '300',
      template: '{name}-{scale}',
      strip: 'gps',
      onConflict: 'skip',
    });
    expect(settings).toEqual({
      format: 'webp',
      quality: 80,
      size: { kind: 'long-side', pixels: 2000 },
      densityDpi: 300,
      strip: 'gps',
      template: '{name}-{scale}',
      conflict: 'skip',
    });
    expect(parseExportOptions({ out: 'x', megapixels: '2.5' }).settings.size).toEqual({ kind: 'megapixels', megapixels: 2.5 });
  });

  it.each([
    [{}, /--out/],
    [{ out: '--json' }, /--out/],
    [{ out: 'x', longSide: '10', megapixels: '1' }, /contradict/],
    [{ out: 'x', quality: '0' }, /--quality/],
    [{ out: 'x', dpi: '0' }, /--dpi/],
    [{ out: 'x', format: 'gif' }, /--format/],
    [{ out: 'x', strip: 'some' }, /--strip/],
    [{ out: 'x', onConflict: 'ask' }, /--on-conflict/],
    [{ out: 'x', template: '' }, /--template/],
    [{ out: 'x', template: 'a'.repeat(501) }, /--template/],
  ])('refuse %j', (raw, sentence) => {
    expect(() => parseExportOptions(raw)).toThrow(sentence);
    expect(() => parseExportOptions(raw)).toThrow(UsageError);
  });
});
