import type { RowImage } from '../../domain/alarm/interpret-row-change.js';

/** Whose row it is: `to-us` and `from-us` if it was handed over, `unclear` if the images do not say from whom. */
export type HostChange = 'ours' | 'others' | 'to-us' | 'from-us' | 'unclear';

/**
 * Reads from a row change whose row it was and is. An INSERT has no `before`, a DELETE no `after`. A row without the column
 * counts as ours: a reconcile, or the cycle's own SELECT, finds out.
 */
export function readHostChange(
  before: RowImage | undefined,
  after: RowImage | undefined,
  hostId: string,
): HostChange {
  const was = before && isOfHost(before, hostId);
  const is = after && isOfHost(after, hostId);
  // MINIMAL: `after` has the column only if it was written.
  if (before && was === undefined && is !== undefined) return 'unclear';
  if (was === undefined || is === undefined || was === is) return (is ?? was ?? true) ? 'ours' : 'others';
  return is ? 'to-us' : 'from-us';
}

function isOfHost(image: RowImage, hostId: string): boolean | undefined {
  return 'host_id' in image ? isSameText(String(image.host_id), hostId) : undefined;
}

// Compares as the usual collations do. If the column's collation is stricter, we read a row that is not ours, which
// does no harm.
function isSameText(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
