import { type DatabaseServer, isEnough, type ServerChange } from '../../domain/database-server.js';
import { QUORUM_REMEDY, READ_ONLY_REMEDY } from '../../domain/server-remedies.js';
import type { Log } from '../log/log.js';

/** Logs which database server is used, and that no server may write (R37). */
export class ServerLog {
  constructor(
    private readonly log: Log,
    /** Whether nothing is written, so that any server will do. */
    private readonly takesAny: () => boolean,
  ) {}

  onServerChange(change: ServerChange): void {
    const { now, was, isOther } = change;
    if (was === undefined)
      this.log.debug('monitor_service', `the database is at ${now.place}, server_id ${now.serverId}`);
    else if (isOther) this.log.info('monitor_service', describeServerChange(change));
    if (!isEnough(now, this.takesAny())) this.log.warn('monitor_service', describeShortcoming(now));
    else if (was && !isOther) this.log.info('monitor_service', describeServerChange(change));
  }
}

/** `now at db2:3306, server_id 22; was db1:3306, 21`. */
export function describeServerChange({ now, was, isOther }: ServerChange): string {
  const server = `${now.place}, server_id ${now.serverId}`;
  if (!isOther && now.mayWrite) return `${server}, may write again`;
  return `now at ${server}${was && isOther ? `; was ${was.place}, ${was.serverId}` : ''}`;
}

/** Why the service would rather use another server. */
export function describeShortcoming({ place, serverId, hasQuorum }: DatabaseServer): string {
  const server = `${place}, server_id ${serverId},`;
  if (!hasQuorum)
    return `no database server can be used: ${server} has no quorum in its cluster (wsrep_ready = OFF), or rejects queries (wsrep_reject_queries); ${QUORUM_REMEDY}`;
  return `no database server may write: ${server} is read-only. It is read, and alarms cannot be cleared there; ${READ_ONLY_REMEDY}`;
}
