import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JobView } from '../../../../core/api/contract.ts';
import { furtherNews, listOf, moveJob, withNews, type JobList } from '../../../../renderer/features/queue/job-list.ts';
import { job } from './jobs.ts';

const states = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
const ids = (jobs: readonly JobView[]): number[] => jobs.map(({ id }) => id);
const shape = ({ running, waiting, settled }: JobList): number[][] => [running, waiting, settled].map(ids);
const newsOf = (...jobs: JobView[]): Map<number, JobView> => new Map(jobs.map((one) => [one.id, one]));
const list = listOf([job(1, 'running'), job(2), job(3), job(4), job(5, 'done'), job(6, 'failed')]);

describe('a list of jobs', () => {
  test('follows a job from waiting to done', () => {
    const begun = withNews(list, newsOf(job(1, 'done'), job(2, 'running')));
    expect([shape(begun.list), begun.isSure]).toEqual([[[2], [3, 4], [1, 5, 6]], true]);
    const further = withNews(begun.list, newsOf(job(2, 'running', { fraction: 0.7 })));
    expect(further.list.running[0]?.fraction).toBe(0.7);
  });

  test('puts a job that is given back before the others that wait', () => {
    const { list: after, isSure } = withNews(list, newsOf(job(1, 'queued')));
    expect([shape(after), isSure]).toEqual([[[], [1, 2, 3, 4], [5, 6]], true]);
  });

  test('is unsure of the place of one that is tried again, and of one that it does not know', () => {
    expect(withNews(list, newsOf(job(6, 'queued'))).isSure).toBe(false);
    expect(withNews(list, newsOf(job(99))).isSure).toBe(false);
    expect(withNews(list, newsOf(job(99, 'running', { kind: 'thumbnail' })))).toEqual({ list, isSure: true });
  });

  test('never loses or doubles a job, and has each where its state says, whatever is told', () => {
    const told = fc.array(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.constantFrom(...states)), { maxLength: 30 });
    fc.assert(
      fc.property(told, (pairs) => {
        let now = listOf([1, 2, 3, 4, 5, 6].map((id) => job(id)));
        for (const [id, state] of pairs) now = withNews(now, newsOf(job(id, state))).list;
        const all = [...now.running, ...now.waiting, ...now.settled];
        expect(new Set(ids(all)).size).toBe(all.length);
        expect(ids(all)).toEqual(expect.arrayContaining([1, 2, 3, 4, 5, 6]));
        expect(shape(listOf(all))).toEqual(shape(now));
      }),
    );
  });

  test('takes of the news that came while it was asked for only those that are further', () => {
    const answer = [job(1, 'done'), job(2, 'running'), job(3)];
    const news = newsOf(job(1, 'running'), job(2, 'running', { fraction: 0.9 }), job(3, 'running'), job(4));
    expect([...furtherNews(answer, news).keys()]).toEqual([2, 3, 4]);
  });
});

describe('moving a waiting job', () => {
  const waiting = [job(1), job(2), job(3), job(4, 'queued', { priority: 0 }), job(5, 'queued', { priority: 0 })];

  test.each([
    [3, 'up', [1, 3, 2, 4, 5], 2],
    [3, 'top', [3, 1, 2, 4, 5], 1],
    [1, 'down', [2, 1, 3, 4, 5], 3],
    [2, 'down', [1, 3, 2, 4, 5], null],
    [5, 'top', [1, 2, 3, 5, 4], 4],
  ] as const)('%i %s makes %j, before %s', (id, way, order, beforeId) => {
    const moved = moveJob(waiting, id, way);
    expect([moved && ids(moved.waiting), moved?.beforeId]).toEqual([order, beforeId]);
  });

  test.each([
    [1, 'up'],
    [1, 'top'],
    [3, 'down'],
    [4, 'up'],
    [5, 'down'],
    [9, 'up'],
  ] as const)('%i cannot go %s', (id, way) => {
    expect(moveJob(waiting, id, way)).toBeNull();
  });
});
