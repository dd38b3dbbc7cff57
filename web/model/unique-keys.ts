/** Each item with a key of its own: those of one key are counted, in their order. */
export function withUniqueKeys<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): readonly (readonly [string, T])[] {
  const seen = new Map<string, number>();
  return items.map((item) => {
    const key = keyOf(item);
    const n = seen.get(key) ?? 0;
    seen.set(key, n + 1);
    return [n === 0 ? key : `${key} ${n}`, item];
  });
}
