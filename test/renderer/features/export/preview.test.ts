import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTestDouble } from '../../../../core/api/test-double.ts';
import { exportSettingsSchema } from '../../../../core/photo/export-settings.ts';
import { EnlargerError } from '../../../../core/photo/failure.ts';
import { ExportPreview, type Preview } from '../../../../renderer/features/export/export-preview.svelte.ts';

const question = (quality: number) => ({ folder: null, settings: exportSettingsSchema.parse({ format: 'jpeg', quality }) });
const answer = (bytes: number): Preview => ({
  files: [{ resultId: 1, name: 'a.jpg', width: 1, height: 1, bytes }],
  refused: [],
  freeBytes: null,
  failure: null,
});

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A host that answers when it is told to. */
function slowHost() {
  const answers: ((value: Preview) => void)[] = [];
  const { client, calls } = createTestDouble({ export: { preview: () => new Promise((resolve) => answers.push(resolve)) } });
  return { preview: new ExportPreview(client), answers, calls };
}

describe('the preview of an export', () => {
  test('asks at once the first time, and then only when typing rests', async () => {
    const { preview, answers, calls } = slowHost();
    preview.ask(question(90));
    await vi.advanceTimersByTimeAsync(0);
    answers[0]?.(answer(1000));
    await vi.advanceTimersByTimeAsync(0);
    for (const quality of [91, 92, 93]) preview.ask(question(quality));
    await vi.advanceTimersByTimeAsync(199);
    expect(calls).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(calls.at(-1)?.params).toMatchObject({ settings: { quality: 93 } });
    expect(calls).toHaveLength(2);
  });

  test('keeps the last answer until the next is there, and says that it is old', async () => {
    const { preview, answers } = slowHost();
    preview.ask(question(90));
    await vi.advanceTimersByTimeAsync(0);
    answers[0]?.(answer(1000));
    await vi.advanceTimersByTimeAsync(0);
    expect([preview.answer?.files[0]?.bytes, preview.stale]).toEqual([1000, false]);
    preview.ask(question(50));
    expect([preview.answer?.files[0]?.bytes, preview.stale]).toEqual([1000, true]);
  });

  test('ignores older answers', async () => {
    const { preview, answers } = slowHost();
    preview.ask(question(90));
    await vi.advanceTimersByTimeAsync(0);
    preview.ask(question(50));
    await vi.advanceTimersByTimeAsync(0);
    answers[1]?.(answer(500));
    await vi.advanceTimersByTimeAsync(0);
    answers[0]?.(answer(900));
    await vi.advanceTimersByTimeAsync(0);
    expect([preview.answer?.files[0]?.bytes, preview.stale]).toEqual([500, false]);
  });

  test('tells why there is none, and recovers', async () => {
    let refuses = true;
    const { client } = createTestDouble({
      export: {
        preview: () => {
          if (refuses) throw new EnlargerError('not-found', 'The folder is gone.');
          return answer(1);
        },
      },
    });
    const preview = new ExportPreview(client);
    preview.ask(question(90));
    await vi.advanceTimersByTimeAsync(0);
    expect([preview.failure?.code, preview.answer, preview.stale]).toEqual(['not-found', null, false]);
    refuses = false;
    preview.ask(question(90));
    await vi.advanceTimersByTimeAsync(0);
    expect([preview.failure, preview.answer?.files.length]).toEqual([null, 1]);
  });

  test('is cleared when there is nothing to export', async () => {
    const { preview, answers } = slowHost();
    preview.ask(question(90));
    await vi.advanceTimersByTimeAsync(0);
    preview.clear();
    answers[0]?.(answer(1));
    await vi.advanceTimersByTimeAsync(0);
    expect([preview.answer, preview.failure, preview.stale]).toEqual([null, null, false]);
  });
});
