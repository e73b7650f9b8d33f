import { beforeEach, describe, expect, it } from 'vitest';
import type { QueueStatus } from '../../../core/api/contract.ts';
import { noteRest, type QueueRest, type RestNotes } from '../../../core/host/queue-rest.ts';
import type { Job, JobKind, JobStatus } from '../../../core/photo/job.ts';

let notes: RestNotes;
let rests: QueueRest[];
beforeEach(() => {
  notes = noteRest();
  rests = [];
  notes.listen((rest) => rests.push(rest));
});

const failure = { code: 'damaged', message: 'It is cut short.' } as const;
const statuses: Record<'done' | 'failed' | 'cancelled', JobStatus> = {
  done: { state: 'done' },
  failed: { state: 'failed', failure, attempts: 1 },
  cancelled: { state: 'cancelled' },
};

function settle(how: keyof typeof statuses, kind: JobKind = 'enhance'): void {
  notes.settled({ kind, status: statuses[how] } as Job);
}

function status(settled: number, jobs: number): void {
  notes.status({ whole: { settled, jobs } } as QueueStatus);
}

describe('the rest of a queue', () => {
  it('is told once, when the last job is settled, with what became of them since the one before', () => {
    settle('done');
    status(1, 3);
    settle('failed', 'export');
    status(2, 3);
    expect(rests).toEqual([]);
    settle('done');
    status(3, 3);
    status(3, 3);
    expect(rests).toEqual([{ done: 2, failed: 1 }]);
    settle('done');
    status(1, 1);
    expect(rests).toEqual([
      { done: 2, failed: 1 },
      { done: 1, failed: 0 },
    ]);
  });

  it('is none when nothing was done: at the start, after looking at photos, or when all was called off', () => {
    status(0, 0);
    settle('done', 'thumbnail');
    status(0, 0);
    settle('cancelled');
    status(1, 1);
    expect(rests).toEqual([]);
  });

  it('is told to each that listens, as often as it listens, until it ends that', () => {
    const heard: string[] = [];
    const same = (): void => void heard.push('same');
    const end = notes.listen(same);
    notes.listen(same);
    settle('done');
    status(1, 1);
    end();
    end();
    settle('done');
    status(1, 1);
    expect(heard).toEqual(['same', 'same', 'same']);
  });
});
