import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trackJobs, type JobsProgress } from '../../../core/photo/job-progress.ts';

const groups = ['summer', 'winter', null] as const;
const event = fc.oneof(
  fc.record({
    type: fc.constant('add' as const),
    id: fc.nat(9),
    pixels: fc.integer({ min: 1, max: 1e9 }),
    group: fc.constantFrom(...groups),
  }),
  fc.record({ type: fc.constant('update' as const), id: fc.nat(9), fraction: fc.double({ min: -1, max: 2, noNaN: true }) }),
  fc.record({
    type: fc.constant('settle' as const),
    id: fc.nat(9),
    how: fc.constantFrom('done' as const, 'failed' as const, 'cancelled' as const),
  }),
  fc.record({ type: fc.constantFrom('work' as const, 'rest' as const) }),
);

describe('the account of the queue', () => {
  it('never falls for a job, an album or the whole, and is whole exactly when everything is settled', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 80 }), (events) => {
        const account = trackJobs();
        const open = new Set<number>();
        const known = new Map<number, string | null>();
        const shown = new Map<string, number>();
        const check = (name: string, progress: JobsProgress, isOpen: boolean): void => {
          expect(progress.fraction).toBeGreaterThanOrEqual(shown.get(name) ?? 0);
          expect(progress.fraction === 1).toBe(!isOpen);
          expect(progress.settled === progress.jobs).toBe(!isOpen);
          if (!isOpen) expect(progress.remainingMs).toBe(0);
          shown.set(name, isOpen ? progress.fraction : 0);
        };
        for (const [at, step] of events.entries()) {
          if (step.type === 'add') {
            if (open.size === 0) known.clear();
            if (!open.has(step.id)) {
              known.set(step.id, step.group);
              shown.set(`job ${String(step.id)}`, 0);
            }
            open.add(step.id);
            account.add(step.id, step.pixels, step.group, at);
          } else if (step.type === 'update') account.update(step.id, step.fraction);
          else if (step.type === 'settle') {
            account.settle(step.id, step.how);
            open.delete(step.id);
          } else account[step.type](at);

          check('whole', account.whole(at), open.size > 0);
          for (const [group, progress] of account.groups(at))
            check(
              `album ${group}`,
              progress,
              [...open].some((id) => known.get(id) === group),
            );
          for (const id of known.keys()) {
            const fraction = account.fractionOf(id);
            expect(fraction).toBeGreaterThanOrEqual(shown.get(`job ${String(id)}`) ?? 0);
            if (open.has(id)) expect(fraction).toBeLessThan(1);
            shown.set(`job ${String(id)}`, fraction);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('tells the time left from pixels, over the time that was worked', () => {
    const account = trackJobs();
    account.add(1, 1e6, null, 0);
    account.add(2, 9e6, null, 0);
    account.work(1000);
    account.update(1, 1);
    account.settle(1, 'done');
    account.rest(2000);
    const now = account.whole(100_000);
    expect(now.fraction).toBeCloseTo(0.1, 12);
    expect(now.megapixelsPerSecond).toBeCloseTo(1, 9);
    expect(now.remainingMs).toBeCloseTo(9000, 6);
  });

  it('does not count work that was not done as speed', () => {
    const account = trackJobs();
    for (const id of [1, 2, 3]) account.add(id, 1e6, null, 0);
    account.work(0);
    account.settle(1, 'done');
    account.update(2, 1);
    account.settle(2, 'done');
    expect(account.whole(1000)).toMatchObject({ settled: 2, jobs: 3 });
    expect(account.whole(1000).megapixelsPerSecond).toBeCloseTo(1, 9);
    expect(account.whole(1000).remainingMs).toBeCloseTo(1000, 6);
  });

  it('knows no speed before anything was measured', () => {
    const account = trackJobs();
    account.add(1, 100, null, 0);
    account.work(0);
    expect(account.whole(5)).toMatchObject({ fraction: 0, megapixelsPerSecond: null, remainingMs: null });
  });

  it('counts a photo that is tried once more as it was, and one that is asked for again anew', () => {
    const account = trackJobs();
    account.add(1, 100, 'album', 0);
    account.add(2, 100, 'album', 0);
    account.update(1, 0.5);
    account.add(1, 100, 'album', 0);
    expect(account.fractionOf(1)).toBe(0.5);
    account.settle(1, 'failed');
    expect(account.whole(0)).toMatchObject({ jobs: 2, settled: 1, failed: 1 });
    account.add(1, 100, 'album', 0);
    expect(account.fractionOf(1)).toBe(0);
    expect(account.whole(0)).toMatchObject({ jobs: 2, settled: 0, failed: 0, fraction: 0.5 });
  });

  it('begins anew when everything was settled', () => {
    const account = trackJobs();
    account.add(1, 100, 'album', 0);
    account.settle(1, 'done');
    expect(account.whole(0)).toMatchObject({ jobs: 1, fraction: 1 });
    account.add(2, 100, null, 0);
    expect(account.whole(0)).toMatchObject({ jobs: 1, fraction: 0 });
    expect([...account.groups(0).keys()]).toEqual([]);
  });
});
