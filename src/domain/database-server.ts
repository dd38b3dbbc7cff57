/** The server that the service has found (R37). */
export interface DatabaseServer {
  /** Where it was reached: an address of the list, or a Unix socket. */
  readonly place: string;
  /** `server_uuid` where it has one, else host name, port and server_id together: two servers never have the same. */
  readonly identity: string;
  readonly instance: string;
  readonly serverId: number;
  /** The name that the server has for its host; not the name under which it is reached. */
  readonly hostname: string;
  /** Neither read-only nor without quorum. */
  readonly mayWrite: boolean;
  /** False for a node of a cluster that answers no statement on tables: it is cut off, or told to reject queries. */
  readonly hasQuorum: boolean;
}

export interface ServerChange {
  readonly now: DatabaseServer;
  /** Absent for the first one. */
  readonly was?: DatabaseServer;
  /** It is another server than `was`, not only one that may write now, or no longer. */
  readonly isOther: boolean;
  /** When `was` last answered, ms since the epoch; absent if that is not known. */
  readonly wasHeardAt?: number;
}

/** Whether the service has left one server for another. The first server that it finds is no such change. */
export function isMove({ was, isOther }: ServerChange): boolean {
  return was !== undefined && isOther;
}

/** Whether there is no reason to look for another one. `takesAny`: nothing is written. */
export function isEnough({ mayWrite, hasQuorum }: DatabaseServer, takesAny: boolean): boolean {
  return hasQuorum && (mayWrite || takesAny);
}
