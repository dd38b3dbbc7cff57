/**
 * Batches look-ups of the same moment into one query: one statement can raise thousands of alarms, and each needs a
 * look-up.
 */
export function batchLookUps<T>(
  readMany: (ids: readonly number[]) => Promise<ReadonlyMap<number, T>>,
): (id: number) => Promise<T | undefined> {
  interface Batch {
    readonly ids: Set<number>;
    readonly result: Promise<ReadonlyMap<number, T>>;
  }
  let open: Batch | undefined;
  const openBatch = (): Batch => {
    const ids = new Set<number>();
    // In a microtask: after all rows of one event, but without a delay.
    const result = Promise.resolve().then(() => {
      if (open?.ids === ids) open = undefined;
      return readMany([...ids]);
    });
    return { ids, result };
  };
  return (id) => {
    if (!open || open.ids.size >= MAX_BATCH) open = openBatch();
    open.ids.add(id);
    return open.result.then((found) => found.get(id));
  };
}

const MAX_BATCH = 500;
