import type { RowImage } from '../../../domain/alarm/interpret-row-change.js';
import { readHostChange } from '../read-host-change.js';
import type { NameChange } from './known-names.js';

/** What a row change of PROCESE means for the names. */
export interface NameChanges {
  readonly changes: readonly NameChange[];
  /**
   * A row is gone, or has another process_id: CASCADE changes STATUS_PROCESS without a row of its own in the binlog. Or
   * it was handed to this host or taken from it, with an alarm that may stand.
   */
  readonly mayHideAlarms: boolean;
}

/**
 * Reads the name changes of a row change. An INSERT has no `before`, a DELETE no `after`. `hostId`: the rows are of
 * hosts, and this is ours, so the database must be asked for the name. Undefined if the images do not say whose name
 * has changed.
 */
export function readNameChanges(
  before: RowImage | undefined,
  after: RowImage | undefined,
  hostId: string | undefined,
): NameChanges | undefined {
  const idBefore = before && idOf(before);
  if (before && idBefore === undefined) return undefined;
  const processId = after && 'process_id' in after ? idOf(after) : idBefore;
  if (processId === undefined) return undefined;
  if (!after) return { changes: [{ processId, name: undefined }], mayHideAlarms: true };
  if (idBefore !== undefined && idBefore !== processId) {
    const ids = [idBefore, processId];
    return { changes: ids.map((id) => ({ processId: id, name: undefined })), mayHideAlarms: true };
  }
  // An image without the column means "not changed" in an UPDATE, but "some default" in an INSERT.
  const isShared = hostId !== undefined;
  const isUnchanged = before !== undefined && !('process_name' in after) && !isShared;
  if (isUnchanged) return { changes: [], mayHideAlarms: false };
  return {
    changes: [{ processId, name: isShared ? undefined : nameIn(after) }],
    mayHideAlarms: isShared && before !== undefined && isMoved(before, after, hostId),
  };
}

function isMoved(before: RowImage, after: RowImage, hostId: string): boolean {
  return !['ours', 'others'].includes(readHostChange(before, after, hostId));
}

// These characters have the same bytes in every character set. The database is asked for other names.
function nameIn({ process_name: name }: RowImage): string | undefined {
  return typeof name === 'string' && /^[\w.:/+ -]{1,255}$/.test(name) ? name : undefined;
}

function idOf({ process_id: value }: RowImage): number | undefined {
  const id = Number(value ?? Number.NaN);
  return Number.isSafeInteger(id) ? id : undefined;
}
