import { describe, expect, it } from 'vitest';
import { createHumanReporter } from '../../cli/human.ts';
import type { RunEvent } from '../../core/photo/run-events.ts';

const overall = (fraction: number, photosDone = 0): RunEvent => ({
  type: 'overall',
  photosDone,
  photos: 2,
  fraction,
  megapixelsPerSecond: 4,
  remainingMs: 60_000,
});
const started = (input: string): RunEvent => ({
  type: 'started',
  input,
  width: 20,
  height: 10,
  model: 'm',
  device: 'cpu',
  tiles: 1,
});
const failed: RunEvent = { type: 'failed', input: 'bad.jpg', code: 'damaged', message: 'The file ends early. Try another copy.' };
const summary: RunEvent = { type: 'summary', done: 1, failed: 1, skipped: 0, ms: 1000 };
const done: RunEvent = {
  type: 'done',
  input: 'a.jpg',
  output: 'enlarged/a.jpg',
  width: 20,
  height: 10,
  model: 'm',
  device: 'cpu',
  cached: false,
  ms: { decode: 1, infer: 1, encode: 1, total: 3000 },
  peakMemoryBytes: 1,
};

/** A reporter on a screen that remembers each write; `at` sets the clock. */
function reporterOn(redraws: boolean, interrupted = false) {
  const writes: string[] = [];
  let nowMs = 0;
  const reporter = createHumanReporter(
    { write: (text) => writes.push(text), redraws, colours: false, columns: () => 80 },
    () => interrupted,
    () => nowMs,
  );
  const at = (ms: number, event: RunEvent): void => {
    nowMs = ms;
    reporter.onEvent(event);
  };
  return { writes, at, reporter };
}

const escape = '\u001b';
const tokens = new RegExp(`\\r|\\n|${escape}\\[K|[^\\r\\n${escape}]+`, 'g');

/** What a terminal shows after these writes: lines, the last one unfinished. */
function screenOf(writes: readonly string[]): string[] {
  const lines = [''];
  let column = 0;
  for (const [token] of writes.join('').matchAll(tokens)) {
    const line = lines.at(-1) ?? '';
    if (token === '\r') column = 0;
    else if (token === '\n') column = lines.push('') && 0;
    else if (token === '\u001b[K') lines[lines.length - 1] = line.slice(0, column);
    else {
      lines[lines.length - 1] = line.slice(0, column) + token + line.slice(column + token.length);
      column += token.length;
    }
  }
  return lines;
}

describe('on a terminal', () => {
  it('redraws one line in place and takes it away at the end', () => {
    const { writes, at } = reporterOn(true);
    at(0, started('a.jpg'));
    at(0, overall(0.1));
    expect(screenOf(writes)).toEqual([expect.stringMatching(/^photo 1 of 2 · 10 % .* a\.jpg$/)]);
    at(1000, overall(0.5));
    expect(screenOf(writes)).toEqual([expect.stringContaining('50 %')]);
    at(2000, summary);
    expect(screenOf(writes)).toEqual(['1 photo done, 1 failed in 1 s.', '']);
  });

  it('puts other lines above it and shows it again, in one write', () => {
    const { writes, at } = reporterOn(true);
    at(0, overall(0.1));
    const before = writes.length;
    at(50, failed);
    expect(writes).toHaveLength(before + 1);
    expect(screenOf(writes)).toEqual([
      'failed   bad.jpg: The file ends early. Try another copy.',
      expect.stringContaining('10 %'),
    ]);
  });

  it('redraws at most ten times a second, and not at all when nothing changed', () => {
    const { writes, at } = reporterOn(true);
    for (let ms = 0; ms < 1000; ms += 1) at(ms, overall(ms / 1000));
    expect(writes.length).toBeLessThanOrEqual(10);
    const before = writes.length;
    for (let ms = 2000; ms < 4000; ms += 1) at(ms, overall(0.999));
    expect(writes.length).toBeLessThanOrEqual(before + 1);
  });

  it('says what it waits for until there are figures', () => {
    const { writes, at, reporter } = reporterOn(true);
    reporter.wait('looking');
    expect(screenOf(writes)).toEqual(['looking']);
    at(1000, overall(0.1));
    expect(screenOf(writes)).toEqual([expect.stringMatching(/^photo 1 of 2/)]);
  });

  it('leaves nothing behind when it is closed in the middle', () => {
    const { writes, at, reporter } = reporterOn(true);
    at(0, overall(0.1));
    reporter.close();
    expect(screenOf(writes)).toEqual(['']);
  });
});

describe('failures of many for one reason', () => {
  const failures = ['1.jpg', '2.jpg', '3.jpg'].map((input): RunEvent => ({ ...failed, input }));
  const whole = (name: string) => `failed   ${name}: The file ends early. Try another copy.`;

  it('say it once on a terminal, as long as nothing comes between', () => {
    const { writes, at } = reporterOn(true);
    for (const event of failures.slice(0, 2)) at(0, event);
    at(0, { type: 'note', input: 'x', text: 'y' });
    for (const event of failures.slice(2)) at(0, event);
    expect(screenOf(writes)).toEqual([
      whole('1.jpg'),
      'failed   2.jpg: for the same reason',
      'note     x: y',
      whole('3.jpg'),
      '',
    ]);
  });

  it('say it each time in a log, where lines are searched', () => {
    const { writes, at } = reporterOn(false);
    for (const event of failures) at(0, event);
    expect(screenOf(writes)).toEqual([whole('1.jpg'), whole('2.jpg'), whole('3.jpg'), '']);
  });
});

describe('skipped photos on a terminal', () => {
  const skips = (count: number): RunEvent[] =>
    Array.from({ length: count }, (_, index) => {
      const name = `${String(index)}.jpg`;
      return { type: 'skipped', input: name, reason: `already done: out/${name}`, gist: 'already done' };
    });

  it('are named while they are few', () => {
    const { writes, at } = reporterOn(true);
    for (const event of [...skips(3), summary]) at(0, event);
    expect(screenOf(writes).slice(0, 3)).toEqual([
      'skipped  0.jpg: already done: out/0.jpg',
      'skipped  1.jpg: already done: out/1.jpg',
      'skipped  2.jpg: already done: out/2.jpg',
    ]);
  });

  it('are counted when they are many', () => {
    const { writes, at } = reporterOn(true);
    for (const event of [...skips(500), summary]) at(0, event);
    expect(screenOf(writes)).toEqual(['skipped  500 photos: already done', '1 photo done, 1 failed in 1 s.', '']);
  });
});

describe('without a terminal', () => {
  it('prints a line a photo and no control characters', () => {
    const { writes, at } = reporterOn(false);
    for (const event of [started('a.jpg'), overall(0), done, overall(0.5, 1), failed, summary]) at(0, event);
    expect(writes.join('')).toBe(
      'done     a.jpg → enlarged/a.jpg (20 × 10, 3 s)\nfailed   bad.jpg: The file ends early. Try another copy.\n1 photo done, 1 failed in 1 s.\nThe result is in enlarged\n',
    );
  });

  it('prints progress every ten seconds', () => {
    const { writes, at } = reporterOn(false);
    for (let ms = 0; ms <= 60_000; ms += 100) at(ms, overall(ms / 60_000));
    expect(writes).toHaveLength(6);
    expect(writes[0]).toBe('photo 1 of 2 · 16 % · 4.0 MP/s · 1 min left\n');
  });
});

describe('everywhere', () => {
  it.each([true, false])('says a note once a photo (terminal: %s)', (redraws) => {
    const { writes, at } = reporterOn(redraws);
    for (const input of ['a.jpg', 'a.jpg', 'b.jpg']) at(0, { type: 'note', input, text: 'CMYK became sRGB' });
    expect(writes).toEqual(['note     a.jpg: CMYK became sRGB\n', 'note     b.jpg: CMYK became sRGB\n']);
  });

  it('does not call a stop a failure', () => {
    const { writes, at } = reporterOn(false, true);
    at(0, { type: 'failed', input: 'a.jpg', code: 'cancelled', message: 'Stopped.' });
    at(0, { type: 'summary', done: 0, failed: 0, skipped: 0, ms: 400 });
    expect(writes).toEqual(['Stopped: 0 photos done in 0.4 s.\n']);
  });
});
