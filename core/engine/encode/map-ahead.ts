/**
 * Yields `work` of each item in the order of the items, up to `atOnce` of them under way at a time. When one fails or the
 * reader stops, no more is begun, and what is under way ends first.
 */
export async function* mapAhead<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  atOnce: number,
): AsyncGenerator<Result, void, undefined> {
  // What was handed on is not held any longer: the results may be large.
  const underWay: { readonly result: Promise<Result> }[] = [];
  let begun = 0;
  const begin = (): void => {
    for (const item of items.slice(begun, (begun += 1))) {
      const result = work(item);
      result.catch(() => undefined); // told when its turn comes
      underWay.push({ result });
    }
  };
  while (begun < atOnce) begin();
  try {
    for (let first = underWay[0]; first !== undefined; first = underWay[0]) {
      const result = await first.result;
      underWay.shift();
      begin();
      yield result;
    }
  } finally {
    await Promise.allSettled(underWay.map(({ result }) => result));
  }
}
