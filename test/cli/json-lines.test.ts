import { describe, expect, it } from 'vitest';
import { createJsonLines } from '../../cli/json-lines.ts';
import { runLineSchema, type RunEvent, type RunLine } from '../../core/photo/run-events.ts';

const done = (input: string): Extract<RunEvent, { type: 'done' }> => ({
  type: 'done',
  input,
  output: `enlarged/${input}`,
  width: 200,
  height: 100,
  model: 'photo-x2',
  device: 'cpu',
  cached: false,
  ms: { decode: 1, infer: 2, encode: 3, total: 6 },
  peakMemoryBytes: 1000,
});
const started = (input: string): RunEvent => ({
  type: 'started',
  input,
  width: 200,
  height: 100,
  model: 'photo-x2',
  device: 'cpu',
  tiles: 4,
});
const progress = (input: string, fraction: number): RunEvent => ({ type: 'progress', input, fraction });

/** Feeds events, each at its time, and returns the lines that came out with theirs. */
function feed(events: [atMs: number, event: RunEvent][]): { atMs: number; line: RunLine }[] {
  let nowMs = 0;
  const lines: { atMs: number; line: RunLine }[] = [];
  const emit = createJsonLines(
    (text) => {
      expect(text).toMatch(/^\{[^\n]*\}\n$/);
      const data: unknown = JSON.parse(text);
      const line = runLineSchema.parse(data);
      expect(data, 'exactly the fields of the contract').toEqual(line);
      lines.push({ atMs: nowMs, line });
    },
    () => nowMs,
  );
  for (const [atMs, event] of events) {
    nowMs = atMs;
    emit(event);
  }
  return lines;
}

describe('--json', () => {
  it('prints every line of the contract with exactly its fields, in order', () => {
    const extra = { secret: 'not in the contract' };
    const events: RunEvent[] = [
      started('a.jpg'),
      { ...done('a.jpg'), ...extra },
      { type: 'failed', input: 'b.jpg', code: 'damaged', message: 'The file ends early.' },
      { type: 'skipped', input: 'c.jpg', reason: 'already done' },
      { type: 'summary', done: 1, failed: 1, skipped: 1, ms: 12.5 },
    ];
    const types = feed(events.map((event, index) => [index, event])).map(({ line }) => line.type);
    expect(types).toEqual(['started', 'progress', 'done', 'failed', 'skipped', 'summary']);
  });

  it('leaves out what is for people only', () => {
    const events: RunEvent[] = [
      { type: 'planned', photos: 1, outputMegapixels: 1, estimateMs: null, outputBytes: 1, scratchBytes: 1, freeBytes: 1 },
      { type: 'note', input: 'a.jpg', text: 'CMYK became sRGB' },
      { type: 'overall', photosDone: 0, photos: 1, fraction: 0.5, megapixelsPerSecond: null, remainingMs: null },
    ];
    expect(feed(events.map((event) => [0, event]))).toEqual([]);
  });

  it('tells the strength of networks that have one, and has no such field for others', () => {
    const lines = feed([
      [0, { ...done('a.jpg'), strength: 0.123456 }],
      [0, done('b.jpg')],
    ]).flatMap(({ line }) => (line.type === 'done' ? [line] : []));
    expect(lines[0]).toEqual({ ...done('a.jpg'), strength: 0.1235 });
    expect(lines[1]).not.toHaveProperty('strength');
  });

  it('shows progress at most five times in any second of a photo, rising, and 1 right before done', () => {
    const events: [number, RunEvent][] = [[0, started('a.jpg')]];
    for (let ms = 0; ms < 10_000; ms += 7) events.push([ms, progress('a.jpg', ms / 9_993)]);
    events.push([10_000, done('a.jpg')]);
    const lines = feed(events);
    const shown = lines.filter(({ line }) => line.type === 'progress');
    expect(shown.length).toBeGreaterThan(30);
    for (const { atMs } of shown)
      expect(shown.filter((other) => other.atMs >= atMs && other.atMs < atMs + 1000).length).toBeLessThanOrEqual(5);
    const fractions = shown.map(({ line }) => (line.type === 'progress' ? line.fraction : NaN));
    expect(fractions).toEqual([...new Set(fractions)].sort((a, b) => a - b));
    expect(lines.slice(-2).map(({ line }) => line)).toEqual([progress('a.jpg', 1), done('a.jpg')]);
    expect(fractions.filter((fraction) => fraction === 1)).toHaveLength(1);
  });

  it('never says 1 for a photo that then fails', () => {
    const lines = feed([
      [0, started('a.jpg')],
      [500, progress('a.jpg', 1)],
      [600, { type: 'failed', input: 'a.jpg', code: 'disk-full', message: 'The disk is full.' }],
    ]);
    expect(lines.map(({ line }) => line.type)).toEqual(['started', 'failed']);
  });

  it('rounds what is below 1 to something below 1', () => {
    const lines = feed([
      [0, progress('a.jpg', 0.123456789)],
      [1000, progress('a.jpg', 0.99999999)],
    ]);
    expect(lines.map(({ line }) => line)).toEqual([progress('a.jpg', 0.1234), progress('a.jpg', 0.9999)]);
  });

  it('thins out each photo by itself', () => {
    const lines = feed([
      [0, progress('a.jpg', 0.1)],
      [1, progress('b.jpg', 0.2)],
      [2, progress('a.jpg', 0.3)],
    ]);
    expect(lines.map(({ line }) => line)).toEqual([progress('a.jpg', 0.1), progress('b.jpg', 0.2)]);
  });

  it('does not let progress fall when a photo is begun anew', () => {
    const lines = feed([
      [0, progress('a.jpg', 0.5)],
      [1000, started('a.jpg')],
      [2000, progress('a.jpg', 0.1)],
      [3000, progress('a.jpg', 0.6)],
    ]);
    expect(lines.map(({ line }) => (line.type === 'progress' ? line.fraction : line.type))).toEqual([0.5, 'started', 0.6]);
  });

  it('keeps names byte for byte, control characters inside JSON escapes', () => {
    const names = ['e\u0301.jpg', 'é.jpg', 'a\nb.jpg', '写真 👨‍👩‍👧.jpg', 'C:\\Users\\Zoë\\a.jpg', '\u202egpj.exe'];
    const lines = feed(names.map((name, index) => [index, { type: 'skipped', input: name, reason: 'x' }]));
    expect(lines.map(({ line }) => (line.type === 'skipped' ? line.input : ''))).toEqual(names);
  });

  it('refuses to print what breaks the contract', () => {
    expect(() => feed([[0, { ...done('a.jpg'), width: 1.5 }]])).toThrow();
  });
});
