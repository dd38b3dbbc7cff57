import { type Child, h, type VNode } from '../../dom/h.js';
import type { Snapshot } from '../../model/contract.js';
import type { Told } from '../../model/mark.js';
import { formatAgo, formatSince } from '../../model/times.js';
import { told } from '../../parts/mark.js';
import { facts, panel } from '../../parts/panel.js';
import { foreign } from '../../parts/texts.js';

/** Where alarms come from: the stream, the server it reads, and the service itself. */
export function sourcesPanel({ stream, database, service }: Snapshot, now: number): VNode {
  const { server, reason, lastEventAt } = stream;
  return panel(
    'sources',
    'Stream and server',
    undefined,
    facts(
      ['Alarms come by', told(describeStream(stream))],
      ['For', formatSince(stream.since, now)],
      server !== undefined && ['Binlog of', foreign(server)],
      reason !== undefined && ['Because', foreign(reason)],
      ['Last change', lastEventAt === undefined ? 'none yet' : formatAgo(lastEventAt, now)],
      database && ['Database', describeDatabase(database, now)],
      ['Service', `version ${service.version}, up for ${formatSince(service.startedAt, now)}`],
    ),
  );
}

function describeStream({ state, pollingEveryMs }: Snapshot['stream']): Told {
  switch (state) {
    case 'streaming':
      return { mark: 'ok', text: 'the binlog, within milliseconds' };
    case 'connecting':
      return { mark: 'wait', text: 'polling, the binlog is being opened' };
    case 'polling':
      return { mark: 'warn', text: `polling every ${formatSince(0, pollingEveryMs)}` };
  }
}

function describeDatabase(
  { server, serverId, hostname, mayWrite, since }: NonNullable<Snapshot['database']>,
  now: number,
): Child {
  return [
    foreign(server),
    h(
      'span',
      { class: 'quiet-text' },
      ' (',
      foreign(hostname),
      `, server_id ${serverId}), for ${formatSince(since, now)}`,
    ),
    !mayWrite && h('div', null, told({ mark: 'warn', text: 'takes no writes' })),
  ];
}
