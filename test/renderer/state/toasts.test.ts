import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { EnlargerError } from '../../../core/photo/failure.ts';
import { setLanguage } from '../../../renderer/messages/index.svelte.ts';
import { Toasts } from '../../../renderer/state/toasts.svelte.ts';

const texts = (toasts: Toasts): string[] => toasts.shown.map(({ text }) => text);

beforeEach(async () => {
  await setLanguage('en');
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe('news', () => {
  test('go by themselves, later when there is something to do', () => {
    const toasts = new Toasts();
    toasts.info('Removed');
    toasts.info('Rejected', { label: 'Undo', run: () => undefined });
    vi.advanceTimersByTime(6000);
    expect(texts(toasts)).toEqual(['Rejected']);
    vi.advanceTimersByTime(6000);
    expect(texts(toasts)).toEqual([]);
  });

  test('stay while somebody is at them, and have their time again afterwards', () => {
    const toasts = new Toasts();
    toasts.info('Removed');
    vi.advanceTimersByTime(5000);
    toasts.hold();
    toasts.info('Added');
    vi.advanceTimersByTime(60_000);
    expect(texts(toasts)).toEqual(['Removed', 'Added']);
    toasts.release();
    vi.advanceTimersByTime(5999);
    expect(texts(toasts)).toEqual(['Removed', 'Added']);
    vi.advanceTimersByTime(1);
    expect(texts(toasts)).toEqual([]);
  });

  test('are told once, with their whole time from then on', () => {
    const toasts = new Toasts();
    toasts.info('Removed');
    vi.advanceTimersByTime(5000);
    toasts.info('Removed');
    vi.advanceTimersByTime(5000);
    expect(texts(toasts)).toEqual(['Removed']);
  });

  test('are never more than four', () => {
    const toasts = new Toasts();
    for (const text of ['a', 'b', 'c', 'd', 'e']) toasts.info(text);
    expect(texts(toasts)).toEqual(['b', 'c', 'd', 'e']);
  });
});

describe('a failure', () => {
  test('stays until it is dismissed', () => {
    const toasts = new Toasts();
    toasts.failed(new EnlargerError('disk-full', 'Only 3 MB are free.'));
    vi.advanceTimersByTime(3_600_000);
    expect(toasts.shown).toMatchObject([{ kind: 'error', text: 'Only 3 MB are free.' }]);
    toasts.dismiss(toasts.shown[0]!.id);
    expect(toasts.shown).toEqual([]);
  });

  test('says in other languages what it means and what to do', async () => {
    const toasts = new Toasts();
    await setLanguage('de');
    toasts.failed(new EnlargerError('not-writable', 'The folder is read-only.'));
    expect(texts(toasts)).toEqual(['Dort kann nicht geschrieben werden. Einen anderen Ordner wählen oder dessen Rechte ändern.']);
  });

  test('is none when somebody cancelled', () => {
    const toasts = new Toasts();
    toasts.failed(new EnlargerError('cancelled', 'Cancelled.'));
    expect(toasts.shown).toEqual([]);
  });
});
