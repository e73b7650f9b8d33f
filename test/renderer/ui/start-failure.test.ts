import axe from 'axe-core';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { render } from 'vitest-browser-svelte';
import { EnlargerError } from '../../../core/photo/failure.ts';
import { setLanguage } from '../../../renderer/messages/index.svelte.ts';
import StartFailure from '../../../renderer/ui/StartFailure.svelte';

beforeEach(() => setLanguage('en'));

describe('a window that could not be opened', () => {
  test.each([
    ['lost', 'The program does not answer. If it was started again, open the address that it printed.'],
    ['gone', 'This page belongs to a run of the program that has ended.'],
    ['there', 'The library is damaged.'],
  ] as const)('says what happened when its host is %s, and can be tried again', async (reach, text) => {
    const onretry = vi.fn();
    const error = new EnlargerError('internal', 'The library is damaged.');
    const screen = await render(StartFailure, { error, reach, onretry });
    await expect.element(screen.getByRole('alert')).toMatchTextContent(new RegExp(text));
    expect((await axe.run(screen.container)).violations).toEqual([]);
    await screen.getByRole('button', { name: 'Try again' }).click();
    expect(onretry).toHaveBeenCalledOnce();
  });
});
