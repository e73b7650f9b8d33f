import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { mapAhead } from '../../../../core/engine/encode/map-ahead.ts';

const items = [5, 1, 4, 2, 3, 0, 6];

describe('work side by side', () => {
  it('comes back in the order of the items, with no more under way than allowed', async () => {
    for (const atOnce of [1, 2, 3, 10]) {
      let underWay = 0;
      let most = 0;
      const work = async (item: number): Promise<number> => {
        most = Math.max(most, (underWay += 1));
        await setTimeout(item);
        underWay -= 1;
        return item * 2;
      };
      const results: number[] = [];
      for await (const result of mapAhead(items, work, atOnce)) results.push(result);
      expect(results).toEqual(items.map((item) => item * 2));
      expect(most).toBe(Math.min(atOnce, items.length));
    }
  });

  it('tells a failure when its turn comes, begins nothing after it, and leaves nothing under way', async () => {
    const begun: number[] = [];
    let underWay = 0;
    const work = async (item: number): Promise<number> => {
      begun.push(item);
      underWay += 1;
      await setTimeout(item);
      underWay -= 1;
      if (item === 1) throw new Error('no');
      return item;
    };
    const results: number[] = [];
    const reading = (async () => {
      for await (const result of mapAhead(items, work, 3)) results.push(result);
    })();
    await expect(reading).rejects.toThrow('no');
    expect({ results, begun, underWay }).toEqual({ results: [5], begun: [5, 1, 4, 2], underWay: 0 });
  });

  it('waits for what is under way when its reader stops', async () => {
    let underWay = 0;
    const work = async (item: number): Promise<void> => {
      underWay += 1;
      await setTimeout(item);
      underWay -= 1;
    };
    for await (const first of mapAhead(items, work, 3)) {
      expect(first).toBeUndefined();
      break;
    }
    expect(underWay).toBe(0);
  });

  it('of nothing ends at once', async () => {
    for await (const result of mapAhead([], async () => setTimeout(1), 3)) expect.unreachable(String(result));
  });
});
