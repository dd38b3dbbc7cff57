/** The last `limit` of those that are meant, in their order, and how many were left out before them. */
export async function keepLast<T>(
  all: AsyncIterable<T>,
  isMeant: (item: T) => boolean,
  limit: number,
): Promise<{ readonly kept: readonly T[]; readonly left: number }> {
  let kept: T[] = [];
  let count = 0;
  for await (const item of all) {
    if (!isMeant(item)) continue;
    count += 1;
    kept.push(item);
    // Not one by one: each removal at the front moves all the others.
    if (kept.length >= 2 * limit) kept = kept.slice(-limit);
  }
  kept = kept.slice(-limit);
  return { kept, left: count - kept.length };
}
