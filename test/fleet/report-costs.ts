import type { Cost, Costs } from './costs.js';
import { table } from './report.js';

/** What servers and agents took, and what each host received and why. */
export function reportCosts(what: string, costs: Costs, hosts: number): string {
  const { servers, agents } = costs;
  const rowOf = ({ what: part, cpu, memory }: Cost, ofServer: readonly (string | number)[]) => [
    part,
    cpu.toFixed(1),
    ...ofServer,
    memory.toFixed(0),
  ];
  const rows = [
    ...servers.map((server) =>
      rowOf(server, [(server.bytes / 1000).toFixed(1), server.connections, server.streams]),
    ),
    rowOf(agents, ['', '', '']),
  ];
  const connections = servers.reduce((sum, cost) => sum + cost.connections, 0);
  const perHost = [
    `${(connections / hosts).toFixed(1)} connections`,
    `${(agents.cpu / hosts).toFixed(2)} % of a core`,
    `${(agents.memory / hosts).toFixed(0)} MB`,
  ];
  return [
    what,
    table([['', '% of a core', 'KB/s', 'connections', 'streams', 'MB'], ...rows]),
    `a host: ${perHost.join(', ')}`,
    `a host receives, bytes a second: ${describeBytes(costs, hosts)}`,
  ].join('\n');
}

/** The stream by its parts, as they are in the binlog; then what is not of any stream. */
function describeBytes({ servers, parts, seconds, source }: Costs, hosts: number): string {
  const rate = (bytes: number): string => (bytes / seconds).toFixed(0);
  const stream = [
    `our tables ${rate(parts.tables)}`,
    `heartbeat ${rate(parts.heartbeat)}`,
    `empty transactions ${rate(parts.empty)}`,
    `other transactions ${rate(parts.other)}`,
    `of the log itself ${rate(parts.ofTheLog)}`,
  ];
  const inBinlog = Object.values(parts).reduce((sum, bytes) => sum + bytes, 0) / seconds;
  const besides = servers.reduce((sum, { bytes, streams }) => sum + bytes - streams * inBinlog, 0);
  return `${stream.join(', ')} (binlog of ${source}); questions, answers and what is around the events ${(besides / hosts).toFixed(0)}`;
}
