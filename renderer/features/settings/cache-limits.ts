/** How much room results may take, as one chooses it: in steps, with whatever holds now among them. */

const gigabyte = 1e9;
const steps = [2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000].map((gigabytes) => gigabytes * gigabyte);

/** In bytes, rising. */
export function cacheLimits(now: number): readonly number[] {
  return [...new Set([...steps, now])].sort((a, b) => a - b);
}
