import type { StatusReport } from '../../control/status-report.js';
import { formatDuration } from '../../domain/duration.js';
import { formatLocalTime } from '../../domain/local-time.js';
import { type Cell, type Colour, formatTable, type Paint } from '../shared/terminal.js';
import type { OfflineStatus } from './offline-status.js';
import {
  type AlarmFacts,
  alarmRows,
  breakerRows,
  maintenanceRows,
  pauseRows,
  restartRows,
} from './status-rows.js';

/** Formats the report of the running service for people. */
export function formatStatus(report: StatusReport, now: number, paint: Paint): string[] {
  const { service, table } = report;
  const head: Cell[][] = [
    [
      'service',
      `${service.version}, pid ${service.pid}, ${service.isStopping ? 'stopping' : 'running'} for ${formatDuration(now - service.startedAt)}`,
    ],
    ['config', service.configFile],
    ...(report.database ? [['database', describeDatabase(report.database, now)]] : []),
    ['alarms from', describeStream(report.stream, now)],
    ['since start', describeTotals(report.totals)],
  ];
  if (service.refusedConfig !== undefined) {
    const { at, problem } = service.refusedConfig;
    const text = `of ${formatLocalTime(at)} not taken: ${problem}`;
    head.splice(2, 0, ['', { text, colour: 'red' }]);
  }
  if (table.problem !== undefined)
    head.push(['table', { text: `cannot be read: ${table.problem}`, colour: 'red' }]);
  return [
    ...formatTable(head, paint),
    ...formatFacts(report, now, paint, table.isKnown),
    ...section('no answer from', listHanging(report.hanging, now), paint),
    ...section('last outcomes', listOutcomes(report.outcomes, now), paint),
  ];
}

/** Formats what the state file and the table say while the service does not run. */
export function formatOffline(status: OfflineStatus, now: number, paint: Paint): string[] {
  const { stateFile, table } = status;
  const written =
    stateFile.writtenAt === undefined ? '' : `, written ${formatLocalTime(stateFile.writtenAt)}`;
  const head: Cell[][] = [
    ['state file', stateFile.problem === undefined ? `${stateFile.path}${written}` : stateFile.problem],
    [
      'table',
      table.problem === undefined
        ? 'can be read'
        : { text: `cannot be read: ${table.problem}`, colour: 'red' },
    ],
  ];
  return [...formatTable(head, paint), ...formatFacts(status, now, paint, table.problem === undefined)];
}

function formatFacts(facts: AlarmFacts, now: number, paint: Paint, areAlarmsKnown: boolean): string[] {
  const alarms = alarmRows(facts, now);
  const none = areAlarmsKnown && alarms.length === 0 ? ['', paint('no alarm is raised')] : [];
  return [
    ...none,
    ...section('alarms', [...alarms, ...moreThan(facts.alarms, facts.counts?.alarms)], paint),
    ...section('pauses', pauseRows(facts), paint),
    ...section('maintenance', maintenanceRows(facts), paint),
    ...section(
      'circuit breakers',
      [...breakerRows(facts, now), ...moreThan(facts.breakers, facts.counts?.breakers)],
      paint,
    ),
    ...section('many restarts', restartRows(facts), paint),
  ];
}

function moreThan(listed: readonly unknown[], count = 0): Cell[][] {
  const more = count - listed.length;
  return more > 0 ? [[`and ${more.toLocaleString('en-US')} more`]] : [];
}

function section(title: string, rows: readonly Cell[][], paint: Paint): string[] {
  if (rows.length === 0) return [];
  return ['', paint({ text: title, colour: 'bold' }), ...formatTable(rows, paint).map((line) => `  ${line}`)];
}

function describeStream(stream: StatusReport['stream'], now: number): Cell {
  const span = formatDuration(now - stream.since);
  const ago = (at: number | undefined): string =>
    at === undefined ? 'none yet' : `${formatDuration(now - at)} ago`;
  if (stream.state === 'streaming') {
    const heard = `last change ${ago(stream.lastEventAt)}, last sign of life ${ago(stream.lastSignAt)}`;
    const relay = stream.relay ? `, a relay ${(stream.relay.lagMs / 1000).toFixed(1)} s behind,` : ',';
    return { text: `the binlog of ${stream.server}${relay} for ${span}; ${heard}`, colour: 'green' };
  }
  const what =
    stream.state === 'connecting' ? 'connecting' : `polling every ${stream.pollingEveryMs / 1000} s`;
  const why = stream.reason === undefined ? '' : `: ${stream.reason}`;
  return { text: `${what}, for ${span}${why}`, colour: 'yellow' };
}

function describeDatabase(database: NonNullable<StatusReport['database']>, now: number): Cell {
  const { server, serverId, mayWrite, since, was } = database;
  const before = was === undefined ? '' : `; was ${was.server}, ${was.serverId}`;
  const text = `${server}, server_id ${serverId}, for ${formatDuration(now - since)}${before}`;
  return mayWrite ? { text } : { text: `${text}; it may not write`, colour: 'yellow' };
}

function describeTotals({
  verified,
  healthy,
  failed,
  restarts,
  medianReactionMs,
}: StatusReport['totals']): string {
  const reaction = medianReactionMs === undefined ? '' : `, median reaction ${medianReactionMs} ms`;
  const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
  return `${count(verified, 'cycle')} verified, ${failed} failed, ${healthy} healthy without a restart; ${count(restarts, 'restart')}${reaction}`;
}

const OUTCOME_COLOURS: Readonly<Record<StatusReport['outcomes'][number]['outcome'], Colour>> = {
  verified: 'green',
  healthy: 'green',
  failed: 'red',
  refused: 'red',
  withdrawn: 'yellow',
};

function listHanging(hanging: StatusReport['hanging'] = [], now: number): Cell[][] {
  return hanging.map(({ subject, pid, since }) => [
    subject,
    `for ${formatDuration(now - since)}`,
    { text: `pid ${pid} waits for it in the kernel`, colour: 'yellow' },
  ]);
}

/** More would scroll the rest off the screen. The JSON has all of them. */
const MAX_OUTCOMES = 10;

function listOutcomes(outcomes: StatusReport['outcomes'], now: number): Cell[][] {
  return outcomes
    .slice(0, MAX_OUTCOMES)
    .map(({ processName, at, outcome, message }) => [
      processName,
      `${formatDuration(now - at)} ago`,
      { text: outcome, colour: OUTCOME_COLOURS[outcome] },
      message,
    ]);
}
