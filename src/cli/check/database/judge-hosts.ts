import type { HostInspection } from '../../../db/preflight/inspect-hosts.js';
import { type Finding, judgeError, okFinding, warningFinding } from '../../../domain/finding.js';

/**
 * Judges each server of the list: whether it could be the primary after a failover. `used`: the identity of the one that is
 * the primary now. A server that gives no answer is a warning, because another one is used. Pure.
 */
export function judgeHosts(hosts: readonly HostInspection[], used: string | undefined): Finding[] {
  return hosts.flatMap((host) => ('server' in host ? judgeHost(host, used) : [judgeAbsent(host)]));
}

function judgeHost(
  { place, server, diagnoses }: Extract<HostInspection, { server: unknown }>,
  used?: string,
) {
  const state = server.mayWrite ? 'may write' : server.hasQuorum ? 'read-only' : 'without quorum';
  const isUsed = server.identity === used ? '; this one is used' : '';
  const poor = diagnoses.filter(({ severity, isAboutWriting }) => severity !== 'warning' && !isAboutWriting);
  return [
    okFinding(place, `server_id ${server.serverId}, ${state}${isUsed}`),
    // For the server that is used, the section about the binlog says it.
    ...poor
      .filter(() => isUsed === '')
      .map(({ message, remedy }) =>
        warningFinding(place, `if it becomes the primary, it is only polled: ${message}`, remedy),
      ),
  ];
}

function judgeAbsent({ place, failure }: Extract<HostInspection, { failure: unknown }>): Finding {
  const { message, remedy } = judgeError(place, failure);
  return warningFinding(place, message, remedy ?? 'repair it, or take it out of host in [database]');
}
