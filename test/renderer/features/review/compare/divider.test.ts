import { beforeEach, describe, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import { setLanguage } from '../../../../../renderer/messages/index.svelte.ts';
import Divider from '../../../../../renderer/features/review/compare/Divider.svelte';
import { sized } from '../stage-page.ts';

beforeEach(() => setLanguage('en'));

async function open(direction: 'across' | 'down') {
  const target = sized(400, 300);
  target.style.top = '0';
  const moves: number[] = [];
  const page = await render(Divider, {
    target,
    props: { at: 0.5, direction, before: 'Original', onmove: (at: number) => void moves.push(at) },
  });
  // As its owner does.
  const move = async (at: number): Promise<void> => await page.rerender({ at });
  const slider = target.querySelector('input')!;
  return { target, moves, move, slider, line: target.querySelector<HTMLElement>('.line')! };
}

describe('by keyboard', () => {
  test.each([
    ['across', 'ArrowRight', 'ArrowLeft'],
    ['down', 'ArrowDown', 'ArrowUp'],
  ] as const)('it moves %s, as every slider', async (direction, onwards, back) => {
    const { slider, moves, move } = await open(direction);
    slider.focus();
    await userEvent.keyboard(`{${onwards}}`);
    expect(moves.at(-1)).toBeGreaterThan(0.5);
    await move(moves.at(-1)!);
    await userEvent.keyboard(`{${back}}{${back}}`);
    expect(moves.at(-1)).toBeLessThan(0.5);
    await userEvent.keyboard('{Home}');
    expect(moves.at(-1)).toBe(0);
    await userEvent.keyboard('{End}');
    expect(moves.at(-1)).toBe(1);
  });

  test('and tells where it is, in words as well', async () => {
    const { slider, move } = await open('across');
    expect(slider.getAttribute('aria-valuetext')).toBe('Original 50%');
    await move(0.25);
    expect(slider.value).toBe('0.25');
    expect(slider.getAttribute('aria-valuetext')).toBe('Original 25%');
    expect(slider.getAttribute('aria-label')).toBe('Dividing line');
  });
});

describe('by mouse', () => {
  test.each(['across', 'down'] as const)('it follows the pointer %s', async (direction) => {
    const { target, moves } = await open(direction);
    const middle = direction === 'across' ? { x: 200, y: 40 } : { x: 40, y: 150 };
    const to = direction === 'across' ? { x: 300, y: 40 } : { x: 40, y: 225 };
    await userEvent.dragAndDrop(target, target, { sourcePosition: middle, targetPosition: to, force: true });
    expect(moves.at(-1)).toBeCloseTo(0.75, 1);
  });

  test.each([0, 0.1, 0.5, 0.93, 1])('the line is where its thumb is, at %d', async (at) => {
    const { target, move, line } = await open('across');
    await move(at);
    const { left, width } = line.getBoundingClientRect();
    expect(left + width / 2 - target.getBoundingClientRect().left).toBeCloseTo(at * 400, 0);
  });

  test('what is beside the line belongs to the picture', async () => {
    const { target, slider } = await open('across');
    const { left, top } = target.getBoundingClientRect();
    expect(document.elementFromPoint(left + 200, top + 40)).toBe(slider);
    expect(document.elementFromPoint(left + 100, top + 40)).not.toBe(slider);
  });
});
