import { describe, expect, it } from 'vitest';
import { previewText } from '../../cli/export.ts';
import { countLines } from '../../cli/library-add.ts';
import { photoLine, photoTable } from '../../cli/library-list.ts';
import { photoText } from '../../cli/library-show.ts';
import { batchPlanLines } from '../../cli/queue-add.ts';
import { statusText } from '../../cli/queue.ts';
import { resultTable } from '../../cli/review.ts';
import type { BatchPlan, JobView, QueueStatus } from '../../core/api/contract.ts';
import type { PhotoSummary, ResultView } from '../../core/photo/library-view.ts';
import { noDetails } from '../../core/photo/photo-details.ts';
import { photoFacts } from '../fixtures/facts.ts';

const photo: PhotoSummary = {
  id: 7,
  name: 'a\u001b[31m.jpg',
  path: '/photos/a\u001b[31m.jpg',
  width: 4000,
  height: 3000,
  fileBytes: 2_500_000,
  takenAt: '2024-05-31T18:04:09',
  rating: 3,
  favourite: true,
  state: 'ready',
  thumbnailKey: null,
};
const result: ResultView = {
  id: 5,
  photoId: 7,
  name: 'a.jpg',
  recipe: { version: 1, model: null, target: { kind: 'scale', scale: 2 }, denoise: 'auto' },
  state: 'accepted',
  modelId: 'photo-x2',
  width: 8000,
  height: 6000,
  strength: 0.2,
  createdMs: 0,
  readyMs: 0,
  failure: null,
  cached: true,
  outdated: false,
};

describe('a list of photos', () => {
  it('has one row a photo, and shows no control character as such', () => {
    expect(photoTable([photo], true)).toBe(
      'ID  SIZE         TAKEN             RATING  STATE  PATH\n' +
        '7   4000 × 3000  2024-05-31 18:04  ★★★     ready  /photos/a\\x1b[31m.jpg\n',
    );
    const plain = { ...photo, width: null, height: null, takenAt: null, rating: 0, state: 'none' as const, path: '/p' };
    expect(photoTable([plain], false)).toBe('7          /p\n');
    expect(photoTable([], true)).toBe('');
  });

  it('is for programs exactly what was agreed on', () => {
    expect(JSON.parse(photoLine(photo))).toEqual({
      id: 7,
      path: photo.path,
      width: 4000,
      height: 3000,
      takenAt: '2024-05-31T18:04:09',
      rating: 3,
      state: 'ready',
    });
  });
});

describe('a photo’s page', () => {
  it('has a line for what is known, and none for what is not', () => {
    const page = { ...photo, facts: null, details: null, failure: null, albums: [], results: [] };
    const words = photoText(page)
      .split('\n')
      .map((line) => line.split('  ')[0]);
    expect(words).toEqual(['photo', 'path', 'state', 'file', 'pixels', 'rating', 'favourite', '']);
    const full = photoText({
      ...page,
      facts: photoFacts({ profileName: 'Display P3' }),
      details: {
        ...noDetails,
        takenAt: '2024-05-31T18:04:09',
        takenZone: '+02:00',
        camera: 'Maker One',
        exposureSeconds: 1 / 250,
        fNumber: 1.8,
        iso: 100,
        focalLengthMm: 26,
        latitude: 59.5,
        longitude: 10.25,
        keywords: ['fjord', 'boat'],
      },
      albums: ['Norway'],
      results: [result, { ...result, id: 6, cached: false, outdated: true }],
    });
    for (const line of [
      'profile    Display P3',
      'taken      2024-05-31 18:04:09 +02:00',
      'camera     Maker One',
      'exposure   1/250 s, f/1.8, ISO 100, 26 mm',
      'place      59.500000, 10.250000',
      'keywords   fjord, boat',
      'albums     Norway',
      '8000 × 6000  accepted  photo-x2',
      '8000 × 6000  accepted  photo-x2  not in the cache, of an older version of the file',
    ])
      expect(full.split('\n')).toContain(line);
  });
});

describe('what an import found', () => {
  it('is told in one sentence without zeros', () => {
    const counts = { files: 9, added: 1, changed: 0, moved: 2, missing: 0, returned: 0, unchanged: 5, skipped: 1, failed: 1 };
    expect(countLines(counts, false)).toEqual(['1 photo added, 2 moved, 5 known already, 1 failed.']);
    expect(countLines(counts, true)[1]).toMatch(/goes on with the rest/);
  });
});

describe('the queue', () => {
  const nothing = { jobs: 0, settled: 0, failed: 0, fraction: 1, megapixelsPerSecond: null, remainingMs: null };
  const status: QueueStatus = {
    paused: false,
    running: [],
    counts: { queued: 2, running: 0, done: 3, failed: 1, cancelled: 0 },
    whole: nothing,
    looking: nothing,
    albums: [{ ...nothing, album: 'Norway', jobs: 5, settled: 3, fraction: 0.625 }],
  };
  const job: JobView = {
    id: 9,
    kind: 'enhance',
    photoId: 7,
    resultId: 5,
    name: 'a.jpg',
    priority: 100,
    status: { state: 'failed', attempts: 2, failure: { code: 'damaged', message: 'The file is damaged.' } },
    fraction: 0,
  };

  it('is told with its counts, its albums and why something failed', () => {
    expect(statusText(status, [job])).toBe(
      '2 jobs to do, 3 done, 1 failed.\n"enlarger queue run" does them.\nNorway: 3 of 5, 62 %\n\n' +
        'ID  WORK     STATE   PHOTO\n7   enhance  failed  a.jpg  The file is damaged.\n',
    );
    expect(statusText({ ...status, paused: true }, [])).toContain('The queue is paused');
  });

  it('says what a batch will take', () => {
    const plan: BatchPlan = {
      photos: [
        { id: 1, width: 8000, height: 6000, original: { width: 4000, height: 3000 }, cached: false, notes: [] },
        { id: 2, width: 4000, height: 3000, original: { width: 2000, height: 1500 }, cached: true, notes: [] },
      ],
      refused: [],
      unread: [],
      outputMegapixels: 60,
      estimateMs: 61_000,
      cacheBytes: 160e6,
      scratchBytes: 200e6,
      freeBytes: 5e9,
      failure: null,
    };
    expect(batchPlanLines(plan)).toEqual([
      '1 photo to make, 48 MP. Time: about 1 min 10 s.',
      'Disk: about 160 MB in the cache, and up to 200 MB while working; 5 GB free.',
    ]);
    expect(batchPlanLines({ ...plan, photos: plan.photos.slice(1) })).toEqual([]);
  });
});

describe('results and exports', () => {
  it('are told with what keeps them from being looked at', () => {
    expect(resultTable([{ ...result, cached: false }])).toBe(
      'ID  STATE     SIZE         MODEL     NAME\n7   accepted  8000 × 6000  photo-x2  a.jpg  not in the cache\n',
    );
  });

  it('are previewed by their first names', () => {
    const files = ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'].map((name) => ({ name, bytes: 1e6 }));
    expect(previewText(files, 'out')).toBe('4 files for out: a.jpg, b.jpg, c.jpg, and 1 more; about 4 MB.');
    expect(previewText(files.slice(0, 1), 'out')).toBe('1 file for out: a.jpg; about 1 MB.');
  });
});
