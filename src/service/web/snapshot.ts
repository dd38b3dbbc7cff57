import { hostname } from 'node:os';
import type { StatusReport } from '../../control/status-report.js';
import type { Snapshot } from '../../web/contract/live.js';
import type { ProcessRows } from './process-rows.js';

const LISTED = 100;
/** What is said of a problem whose text may name a host or an account. */
const UNREADABLE = 'the table cannot be read';

/** What the page shows first, for one kind of reader: without a login no text of a command, a person or a server. */
export function toSnapshot(
  report: StatusReport,
  rows: ProcessRows,
  access: 'public' | 'user',
): Omit<Snapshot, 'user'> {
  const isUser = access === 'user';
  const { version, startedAt, isStopping, refusedConfig } = report.service;
  const { lastSignAt: _, reason, server, ...stream } = report.stream;
  const { counts, table, breakers, maintenance = [], pauses } = report;
  return {
    ...{ at: Date.now(), access },
    service: {
      ...{ version, startedAt, isStopping },
      ...(isUser && { host: hostname() }),
      ...(refusedConfig && {
        refusedConfig: { at: refusedConfig.at, ...(isUser && { problem: refusedConfig.problem }) },
      }),
    },
    stream: {
      ...stream,
      ...(isUser && reason !== undefined && { reason }),
      ...(isUser && server !== undefined && { server }),
    },
    ...(report.database && { database: report.database }),
    table: {
      isKnown: table.isKnown,
      ...(table.problem !== undefined && { problem: isUser ? table.problem : UNREADABLE }),
    },
    counts: {
      alarms: counts?.alarms ?? report.alarms.length,
      cycles: counts?.cycles ?? report.cycles.length,
      breakers: counts?.breakers ?? breakers.length,
      pauses: pauses.length,
    },
    alarms: report.alarms.slice(0, LISTED).map(({ processId, processName, since }) => ({
      ...{ processId, processName },
      // Which it is depends on two clocks, by a millisecond or two.
      since: Math.floor(since / 100) * 100,
      activity: rows.activityOf(processId, processName, since, access),
    })),
    breakers: breakers.slice(0, LISTED),
    pauses: isUser ? pauses : [],
    maintenance: maintenance.map(({ reason: why, ...rest }) => ({
      ...rest,
      ...(isUser && why !== undefined && { reason: why }),
    })),
    hanging: isUser ? (report.hanging ?? []) : [],
    totals: report.totals,
  };
}
