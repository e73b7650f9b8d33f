import { describe, expect, it } from 'vitest';
import { ansiPaint, doneLine, failedLine, noPaint, planLines, progressLine, summaryLines } from '../../cli/human-text.ts';
import { displayWidth } from '../../cli/text.ts';

const plan = {
  type: 'planned',
  photos: 12,
  outputMegapixels: 576,
  estimateMs: 225_000,
  outputBytes: 230e6,
  scratchBytes: 580e6,
  freeBytes: 12e9,
} as const;
const overall = {
  type: 'overall',
  photosDone: 2,
  photos: 12,
  fraction: 0.426,
  megapixelsPerSecond: 5.13,
  remainingMs: 118_000,
} as const;

const done = {
  type: 'done',
  input: 'a.jpg',
  output: 'enlarged/a.jpg',
  width: 800,
  height: 600,
  model: 'photo-x2',
  device: 'cpu',
  cached: false,
  ms: { decode: 1, infer: 2, encode: 3, total: 12_000 },
  peakMemoryBytes: 1,
} as const;

describe('a finished photo', () => {
  it('is told with its size, and with how hard it was cleaned, if it was', () => {
    expect(doneLine(done, noPaint)).toMatch(/a\.jpg → enlarged\/a\.jpg \(800 × 600, [^,]*\)$/);
    expect(doneLine({ ...done, strength: 0 }, noPaint)).toBe(doneLine(done, noPaint));
    expect(doneLine({ ...done, strength: 0.3449 }, noPaint)).toContain('(800 × 600, cleaned: 0.34, ');
  });
});

describe('the plan', () => {
  it('says photos, size, time and disk', () => {
    expect(planLines(plan)).toEqual([
      '12 photos to make, 576 MP in all. Time: about 3 min 50 s.',
      'Disk: about 230 MB for the results and up to 580 MB while working; 12 GB free.',
    ]);
  });

  it('says when no time was measured yet', () => {
    expect(planLines({ ...plan, estimateMs: null })[0]).toContain('not measured yet');
    expect(planLines({ ...plan, freeBytes: Infinity })[1]).toMatch(/while working\.$/);
  });

  it('says nothing when there is nothing to make', () => {
    expect(planLines({ ...plan, photos: 0 })).toEqual([]);
  });
});

describe('the progress line', () => {
  it('has photo, percent, speed, time left and name', () => {
    expect(progressLine(overall, 'IMG_2034.jpg', 100)).toBe('photo 3 of 12 · 42 % · 5.1 MP/s · 2 min left · IMG_2034.jpg');
  });

  it('leaves out what is not known yet', () => {
    expect(progressLine({ ...overall, megapixelsPerSecond: null, remainingMs: null }, null, 100)).toBe('photo 3 of 12 · 42 %');
  });

  it('never counts past the last photo', () => {
    expect(progressLine({ ...overall, photosDone: 12 }, null, 100)).toContain('photo 12 of 12');
  });

  it('fits every width, whatever the name', () => {
    for (const name of ['a.jpg', `${'long '.repeat(50)}.jpg`, '写真'.repeat(40), '\u001b[2J\n'.repeat(9), '']) {
      for (let columns = 1; columns < 160; columns += 1) {
        const line = progressLine(overall, name, columns);
        expect(displayWidth(line)).toBeLessThanOrEqual(columns);
        expect(line).not.toMatch(/\p{Cc}/u);
      }
    }
  });
});

describe('a failure', () => {
  it('is one line, whatever the file is called and the message says', () => {
    const line = failedLine(
      { type: 'failed', input: 'a\nfailed   b.jpg: lie\u001b[1A', code: 'damaged', message: 'The file ends early.\nTry a copy.' },
      noPaint,
    );
    expect(line).toBe('failed   a\\nfailed   b.jpg: lie\\x1b[1A: The file ends early.\\nTry a copy.');
  });

  it('is red only where colours are wanted', () => {
    const event = { type: 'failed', input: 'a.jpg', code: 'damaged', message: 'The file ends early.' } as const;
    expect(failedLine(event, ansiPaint)).toContain('\u001b[31m');
    expect(failedLine(event, noPaint)).not.toContain('\u001b');
  });
});

describe('the end', () => {
  const summary = { type: 'summary', done: 11, failed: 1, skipped: 2, ms: 200_000 } as const;

  it('counts, and says where the files are', () => {
    expect(summaryLines(summary, ['out'], false)).toEqual([
      '11 photos done, 1 failed, 2 skipped in 3 min 20 s.',
      'The results are in out',
    ]);
    expect(summaryLines(summary, ['out/a', 'out/b', 'out/c'], false)[1]).toBe('The results are in out/a and 2 other folders');
  });

  it('leaves out what did not happen', () => {
    expect(summaryLines({ ...summary, done: 1, failed: 0, skipped: 0, ms: 900 }, ['out'], false)).toEqual([
      '1 photo done in 0.9 s.',
      'The result is in out',
    ]);
    expect(summaryLines({ ...summary, done: 0 }, [], false)).toHaveLength(1);
  });

  it('is told as a stop when it was one', () => {
    expect(summaryLines(summary, ['out'], true)[0]).toMatch(/^Stopped: /);
  });
});
