/**
 * Yields `work` of each item in the order of the items, up to `atOnce` of them under way at a time. When one fails or the
 * reader stops, no more is begun, and what is under way ends first.
 */
export async function* mapAhead<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  atOnce: number,
): AsyncGenerator<Result, void, undefined> {
  const running: Promise<Result>[] = [];
  const begin = (items: readonly Item[]): void => {
    for (const item of items) {
      const result = work(item);
      result.catch(() => undefined); // told when its turn comes
      running.push(result);
    }
  };
  begin(items.slice(0, atOnce));
  try {
    for (let done = 0; done < items.length; done += 1) {
      const result = await running[done]!;
      begin(items.slice(running.length, running.length + 1));
      yield result;
    }
  } finally {
    await Promise.allSettled(running);
  }
}
