/** Waits for both also when one fails, so that nothing still works while what it works on is removed. The first one's failure wins. */
export async function both<First, Second>(first: Promise<First>, second: Promise<Second>): Promise<[First, Second]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}
