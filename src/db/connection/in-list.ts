/**
 * Lists of process_ids or names have one of these lengths. Each length is a separate prepared statement, and a server
 * limits these for all of its clients together (`max_prepared_stmt_count`, 16,382).
 */
const LENGTHS = [1, 8, 64, 512] as const;
const MAX_LENGTH = 512;

interface InList<T> {
  /** `(?, ?, …)`, for IN. */
  readonly placeholders: string;
  readonly values: readonly T[];
}

/** Splits them into lists of these lengths; a list that is too short repeats its last one. */
export function inLists<T>(ids: readonly T[]): readonly InList<T>[] {
  const lists: InList<T>[] = [];
  for (let start = 0; start < ids.length; start += MAX_LENGTH) {
    const part = ids.slice(start, start + MAX_LENGTH);
    const length = LENGTHS.find((each) => each >= part.length) ?? MAX_LENGTH;
    const values = [...part, ...Array.from({ length: length - part.length }, () => part.slice(-1)).flat()];
    lists.push({ placeholders: `(${values.map(() => '?').join(', ')})`, values });
  }
  return lists;
}
