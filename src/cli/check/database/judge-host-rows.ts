import type { HostCount } from '../../../db/preflight/count-host-rows.js';
import type { HostRows } from '../../../db/tables/host-rows.js';
import type { TableLayout } from '../../../db/tables/table-layout.js';
import { type Finding, okFinding, warningFinding } from '../../../domain/finding.js';

/**
 * Judges to which hosts the rows belong. A host that nobody has, such as a misspelt one, can only be seen by a person:
 * so all of them are named. Pure.
 */
export function judgeHostRows(
  counts: readonly HostCount[],
  layout: TableLayout,
  { hostId }: HostRows,
): Finding[] {
  if (layout.hostIdIn === undefined) return [];
  const table = layout.hostIdIn === 'status' ? layout.statusTable : layout.processTable;
  const isOwn = (host: string | null): boolean => host?.toLowerCase() === hostId?.toLowerCase();
  const others = counts.filter((count) => count.hostId !== null && !isOwn(count.hostId));
  return [
    hostId === undefined
      ? okFinding('host_id', `the rows of every host are handled: ${listed(others)}`)
      : judgeOwn(sumOf(counts.filter(({ hostId: host }) => isOwn(host))), hostId, table, others),
    ...judgeNobodys(sumOf(counts.filter(({ hostId: host }) => host === null)), hostId, table),
  ];
}

function judgeOwn(own: number, hostId: string, table: string, others: readonly HostCount[]): Finding {
  if (own > 0)
    return okFinding('host_id', `${rowsOf(own)} of this host, ${hostId}; others: ${listed(others)}`);
  return warningFinding(
    'host_id',
    `no row of ${table} is of this host, ${hostId}: nothing is restarted here; there are: ${listed(others)}`,
    `set host_id in [monitor] to one of them, or UPDATE ${table} SET host_id = '${hostId}' WHERE process_id IN (…)`,
  );
}

function judgeNobodys(nobodys: number, hostId: string | undefined, table: string): Finding[] {
  if (nobodys === 0 || hostId === undefined) return [];
  const [have, them] = nobodys === 1 ? ['has', 'it'] : ['have', 'them'];
  return [
    warningFinding(
      'host_id',
      `${rowsOf(nobodys)} of ${table} ${have} no host_id: this service ignores ${them}`,
      `UPDATE ${table} SET host_id = '${hostId}' WHERE host_id IS NULL OR host_id = ''`,
    ),
  ];
}

const MAX_NAMED = 20;

function listed(hosts: readonly HostCount[]): string {
  const named = hosts.slice(0, MAX_NAMED).map(({ hostId, rows }) => `${hostId} (${rows})`);
  const more = hosts.length > MAX_NAMED ? [`and ${hosts.length - MAX_NAMED} more hosts`] : [];
  return [...named, ...more].join(', ') || 'none';
}

function sumOf(counts: readonly HostCount[]): number {
  return counts.reduce((sum, { rows }) => sum + rows, 0);
}

function rowsOf(count: number): string {
  return count === 1 ? '1 row' : `${count} rows`;
}
