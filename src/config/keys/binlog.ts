import * as z from 'zod';
import { type DatabaseHost, optionalHosts } from './database-hosts.js';
import { yesNo } from './enum-keys.js';
import { optionalPort, seconds, serverId } from './number-keys.js';
import { omitAbsent } from './omit-absent.js';

export const BINLOG_KEYS = z.object({
  enabled: yesNo({
    default: 'yes',
    why: 'yes: alarms are seen within milliseconds; no: only by reading the table every fallback_interval.',
  }),
  host: optionalHosts({
    why: 'Relays to read the binlog from, instead of the server of [database], tried in order, such as relay1, relay2:3307. Each needs what docs/fleet.md says.',
  }),
  port: optionalPort({ default: '3306', why: 'Their TCP port, for each relay without one of its own.' }),
  server_id: serverId({
    default: 'auto',
    why: 'Server id as a replica. No other replica may have the same one. auto chooses a random one at start.',
  }),
  heartbeat: seconds({
    default: '5',
    max: 3600,
    why: 'The server sends a heartbeat at this interval. After three missed ones the service reconnects.',
  }),
  visible_within: seconds({
    default: '1.5',
    max: 600,
    why: 'After a reconnect or a statement the table is read again until then: changes may be visible only later. Longer where commits wait for a replica.',
  }),
});

export type BinlogConfig = ReturnType<typeof buildBinlog>;

export function buildBinlog(keys: z.output<typeof BINLOG_KEYS>) {
  return omitAbsent({
    enabled: keys.enabled,
    /** In the order of the list; absent: the server of the statements. */
    relays: keys.host?.map(
      (each): DatabaseHost => omitAbsent({ host: each.host, port: each.port ?? keys.port }),
    ),
    /** `auto`: chosen at start, so that two installations do not clash. */
    serverId: keys.server_id,
    heartbeatMs: keys.heartbeat,
    /** The latest that a change may become visible to a SELECT after its event (R3, R4). */
    visibleWithinMs: keys.visible_within,
  });
}
