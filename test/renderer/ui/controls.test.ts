import { createRawSnippet } from 'svelte';
import { describe, expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import Checkbox from '../../../renderer/ui/Checkbox.svelte';
import Field from '../../../renderer/ui/Field.svelte';
import ProgressBar from '../../../renderer/ui/ProgressBar.svelte';
import Segmented from '../../../renderer/ui/Segmented.svelte';
import Slider from '../../../renderer/ui/Slider.svelte';

describe('a choice of a few', () => {
  const options = [
    { value: 'a', label: 'First' },
    { value: 'b', label: 'Second', disabled: true },
    { value: 'c', label: 'Third' },
  ];

  test('is a named group that the arrow keys go through, past what cannot be chosen', async () => {
    const onchange = vi.fn();
    const screen = await render(Segmented<string>, { label: 'Size', options, value: 'a', onchange });
    await expect.element(screen.getByRole('group', { name: 'Size' })).toBeVisible();
    await userEvent.tab();
    await expect.element(screen.getByRole('radio', { name: 'First' })).toHaveFocus();
    await userEvent.keyboard('{ArrowRight}');
    expect(onchange.mock.calls).toEqual([['c']]);
  });

  test('shows what its owner holds, also when that keeps the value', async () => {
    const screen = await render(Segmented<string>, { label: 'Size', options, value: 'a', onchange: () => undefined });
    await screen.getByRole('radio', { name: 'Third' }).click();
    await expect.element(screen.getByRole('radio', { name: 'First' })).toBeChecked();
    await screen.rerender({ value: 'c' });
    await expect.element(screen.getByRole('radio', { name: 'Third' })).toBeChecked();
  });

  test('may hide its label from the eyes, and only from them', async () => {
    const screen = await render(Segmented<string>, {
      label: 'Size',
      labelShown: false,
      options,
      value: 'a',
      onchange: () => undefined,
    });
    await expect.element(screen.getByRole('group', { name: 'Size' })).toBeInTheDocument();
    expect(screen.getByText('Size').element().getBoundingClientRect().width).toBeLessThanOrEqual(1);
  });
});

describe('a checkbox', () => {
  test('is named by its label and described by its hint', async () => {
    const onchange = vi.fn();
    const screen = await render(Checkbox, { label: 'Watch', hint: 'New photos come by themselves.', checked: false, onchange });
    const box = screen.getByRole('checkbox', { name: 'Watch', exact: true });
    await expect.element(box).toHaveAccessibleDescription('New photos come by themselves.');
    await screen.getByText('Watch').click();
    expect(onchange.mock.calls).toEqual([[true]]);
  });

  test('shows what its owner holds, also when that keeps the value', async () => {
    const screen = await render(Checkbox, { label: 'Watch', checked: true, onchange: () => undefined });
    await screen.getByRole('checkbox').click();
    await expect.element(screen.getByRole('checkbox')).toBeChecked();
  });
});

describe('a field', () => {
  const children = createRawSnippet<[{ id: string; describedBy: string | undefined; invalid: true | undefined }]>((given) => ({
    render: () => {
      const { id, describedBy, invalid } = given();
      return `<input id="${id}" ${describedBy === undefined ? '' : `aria-describedby="${describedBy}"`} ${invalid ? 'aria-invalid="true"' : ''}>`;
    },
  }));

  test('names its input and describes it by the hint', async () => {
    const screen = await render(Field, { label: 'Names', hint: 'Such as photo-1', children });
    await expect.element(screen.getByLabelText('Names')).toHaveAccessibleDescription('Such as photo-1');
  });

  test('says what is wrong instead of the hint', async () => {
    const screen = await render(Field, { label: 'Names', hint: 'Such as photo-1', error: 'A brace is open.', children });
    const input = screen.getByLabelText('Names');
    await expect.element(input).toHaveAccessibleDescription('A brace is open.');
    await expect.element(input).toHaveAttribute('aria-invalid', 'true');
  });

  test('has no description without words', async () => {
    const screen = await render(Field, { label: 'Names', children });
    expect(screen.getByLabelText('Names').element().hasAttribute('aria-describedby')).toBe(false);
    expect(screen.container.querySelector('p')?.getBoundingClientRect().height).toBe(0);
  });
});

describe('a slider', () => {
  test('tells its value in words, and what it is moved to', async () => {
    const oninput = vi.fn();
    const onchange = vi.fn();
    const screen = await render(Slider, {
      label: 'Quality',
      value: 90,
      min: 1,
      max: 100,
      step: 1,
      valueText: '90, about 3 MB',
      oninput,
      onchange,
    });
    const slider = screen.getByRole('slider', { name: 'Quality' });
    await expect.element(slider).toHaveAttribute('aria-valuetext', '90, about 3 MB');
    await userEvent.tab();
    await userEvent.keyboard('{ArrowRight}');
    expect(oninput.mock.calls).toEqual([[91]]);
    expect(onchange.mock.calls).toEqual([[91]]);
  });
});

describe('progress', () => {
  test('is told in whole percent, never above what is done', async () => {
    const screen = await render(ProgressBar, { label: 'Export', fraction: 0.996 });
    await expect.element(screen.getByRole('progressbar', { name: 'Export' })).toHaveAttribute('aria-valuenow', '99');
  });

  test('that nobody knows has no figure', async () => {
    const screen = await render(ProgressBar, { label: 'Export', fraction: null });
    expect(screen.getByRole('progressbar').element().hasAttribute('aria-valuenow')).toBe(false);
  });
});
