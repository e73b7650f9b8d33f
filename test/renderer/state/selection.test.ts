import { describe, expect, it } from 'vitest';
import { Selection } from '../../../renderer/state/selection.svelte.ts';
import { fakeList } from './fake-list.svelte.ts';

const ids = [10, 20, 30, 40, 50, 60];

describe('a selection', () => {
  it('is one photo after a click, and another after the next', () => {
    const selection = new Selection(fakeList(ids));
    selection.only(20);
    selection.only(40);
    expect([...selection.ids]).toEqual([40]);
    expect(selection.focus).toBe(40);
  });

  it('takes one more and one less with Ctrl', () => {
    const selection = new Selection(fakeList(ids));
    selection.only(20);
    selection.toggle(50);
    selection.toggle(20);
    expect([...selection.ids]).toEqual([50]);
  });

  it('reaches from the last click to the one with Shift, in either direction', () => {
    const selection = new Selection(fakeList(ids));
    selection.only(30);
    selection.extend(50);
    expect(selection.inOrder()).toEqual([30, 40, 50]);
    selection.extend(10);
    expect(selection.inOrder()).toEqual([10, 20, 30]);
    expect(selection.focus).toBe(10);
  });

  it('begins a range at the keyboard where nothing was clicked yet', () => {
    const selection = new Selection(fakeList(ids));
    selection.focus = 20;
    selection.extend(40);
    expect(selection.inOrder()).toEqual([20, 30, 40]);
  });

  it('keeps the rest with Ctrl and Shift', () => {
    const selection = new Selection(fakeList(ids));
    selection.only(10);
    selection.toggle(40);
    selection.extend(60, { keep: true });
    expect(selection.inOrder()).toEqual([10, 40, 50, 60]);
  });

  it('is in the order of the list, whatever the order of the clicks', () => {
    const selection = new Selection(fakeList(ids));
    selection.add([60, 10, 30]);
    expect(selection.inOrder()).toEqual([10, 30, 60]);
    selection.drop([10, 60]);
    expect(selection.choice).toEqual({ ids: [30] });
  });

  it('means the whole list when nothing is selected', () => {
    const selection = new Selection(fakeList(ids));
    expect(selection.choice).toEqual({ album: 'all' });
    selection.all();
    expect(selection.size).toBe(6);
    selection.clear();
    expect(selection.choice).toEqual({ album: 'all' });
  });

  it('loses what leaves the list, and takes it back when it returns meanwhile', () => {
    const list = fakeList(ids);
    const selection = new Selection(list);
    selection.add([20, 30]);
    list.show([10, 30]);
    expect(selection.inOrder()).toEqual([30]);
    expect(selection.size).toBe(1);
    selection.toggle(10);
    list.show(ids);
    expect(selection.inOrder()).toEqual([10, 30]);
  });

  it('does nothing for a photo that is not in the list', () => {
    const selection = new Selection(fakeList(ids));
    selection.extend(99);
    expect(selection.size).toBe(0);
  });

  it('of 100,000 photos is one change', () => {
    const many = Array.from({ length: 100_000 }, (_, index) => index + 1);
    const selection = new Selection(fakeList(many));
    selection.all();
    selection.toggle(5);
    expect(selection.size).toBe(99_999);
    expect(selection.inOrder()).toHaveLength(99_999);
  });
});
