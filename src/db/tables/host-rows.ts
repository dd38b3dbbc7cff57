import { DatabaseError } from '../connection/database-error.js';
import type { TableLayout } from './table-layout.js';

/** Whose rows this service handles: `[monitor] host_id`. */
export interface HostRows {
  /** Only the rows of this host; undefined: no host_id is set, or it is `*`. */
  readonly hostId?: string | undefined;
  /** `host_id = *`: the rows of every host, on purpose. */
  readonly isEveryHost: boolean;
}

/**
 * Refuses tables that say nothing, or too much, about hosts: otherwise every host would restart every process.
 *
 * @throws DatabaseError (terminal) with the remedy.
 */
export function refuseHostMismatch(layout: TableLayout, { hostId, isEveryHost }: HostRows): void {
  if (hostId !== undefined && layout.hostIdIn === undefined) {
    throw new DatabaseError(
      `host_id = ${hostId} is set, but ${layout.statusTable} has no column host_id: nothing tells which rows are of this host`,
      {
        retryable: false,
        remedy:
          'add the column with sql/fleet.sql, or remove host_id from [monitor] if this is the only host',
      },
    );
  }
  if (hostId === undefined && layout.hostIdIn !== undefined && !isEveryHost) {
    const table = layout.hostIdIn === 'status' ? layout.statusTable : layout.processTable;
    throw new DatabaseError(
      `${table} has a column host_id, but [monitor] sets no host_id: this host would restart the processes of every host`,
      {
        retryable: false,
        remedy: 'set host_id = auto (the name of this host), a name, or * for the rows of every host',
      },
    );
  }
}
