/**
 * Every metric of the service. Names, labels and their values are a promise to dashboards and alert rules;
 * docs/metrics.md lists them, and a test compares it with this table.
 */
export const METRIC_DEFINITIONS = {
  monitor_service_up: gauge('1; in a textfile 0 after the service has ended.'),
  monitor_service_build_info: gauge('Always 1. The labels say which version runs on which Node.js.', [
    'version',
    'node',
  ]),
  monitor_service_collected_timestamp_seconds: gauge(
    'When these values were collected. A textfile may be old.',
  ),
  monitor_service_alarms_total: counter('Alarms that were seen, by trigger.', ['process', 'trigger']),
  monitor_service_cycles_total: counter('Cycles by outcome.', ['process', 'outcome']),
  monitor_service_attempts_total: counter(
    'Attempts by the strategy that restarted the process, and by result.',
    ['process', 'strategy', 'result'],
  ),
  monitor_service_reaction_seconds: histogram(
    'Time from seeing an alarm until its restart begins: the command runs, or systemd has its job. Includes waiting for a slot.',
    ['trigger'],
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 120],
  ),
  monitor_service_restart_duration_seconds: histogram(
    'Duration of a restart from the start of the attempt, without its verification.',
    ['strategy'],
    [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
  ),
  monitor_service_recovery_seconds: histogram(
    'Time from seeing an alarm until the process was verified healthy.',
    ['trigger'],
    [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
  ),
  monitor_service_breaker_state: gauge(
    '1 for the present state of the circuit breaker of the process, 0 for the other states.',
    ['process', 'state'],
  ),
  monitor_service_breaker_failures: gauge('Failed cycles in a row.', ['process']),
  monitor_service_breaker_changes_total: counter('Changes of circuit breakers, by new state.', [
    'process',
    'to',
  ]),
  monitor_service_escalations_total: counter('Escalation commands that were run, by result.', [
    'process',
    'result',
  ]),
  monitor_service_stream_up: gauge(
    'Whether the binlog stream is up. Absent if it is disabled in config.ini.',
  ),
  monitor_service_stream_lag_seconds: gauge(
    'Age of the last binlog event when it arrived, by the clocks of both hosts. 0 after a heartbeat.',
  ),
  monitor_service_stream_relay_info: gauge(
    'Always 1. The label says which relay the stream comes from. Absent without one.',
    ['relay'],
  ),
  monitor_service_stream_reconnects_total: counter('How often the binlog stream came up again.'),
  monitor_service_stream_failures_total: counter('How often the binlog stream was lost or did not come up.'),
  monitor_service_stream_last_event_timestamp_seconds: gauge(
    'When the last change of the table arrived through the binlog. Absent before the first one.',
  ),
  monitor_service_database_server_info: gauge(
    'Always 1. The labels say which database server is used. Absent before one has answered.',
    ['server', 'server_id', 'hostname'],
  ),
  monitor_service_database_writable: gauge(
    'Whether that server may write: it is not read-only and has its quorum.',
  ),
  monitor_service_database_server_changes_total: counter('How often another database server was found.'),
  monitor_service_table_readable: gauge('Whether the last reading of the table succeeded.'),
  monitor_service_standing_alarms: gauge('Raised alarms in the table. Absent before its first reading.'),
  monitor_service_alarm_standing_seconds: gauge('How long each raised alarm is known to be raised.', [
    'process',
  ]),
  monitor_service_pending_clears: gauge(
    'Processes that are healthy again but whose alarm is not cleared yet.',
  ),
  monitor_service_cycles_running: gauge('Cycles that have begun and have no verdict yet.'),
  monitor_service_cycles_waiting: gauge('Cycles that wait for a slot.'),
  monitor_service_cycles_waiting_for_others: gauge(
    'Cycles that wait for the cycle of another process (after, requires).',
  ),
  monitor_service_pauses: gauge('Pauses in effect, of one process or of all.'),
  monitor_service_maintenance_running: gauge('Whether a maintenance runs by the clock.', ['maintenance']),
  monitor_service_maintenance_next_timestamp_seconds: gauge('When a maintenance begins next.', [
    'maintenance',
  ]),
  monitor_service_write_failures_total: counter('Writes to the table that failed and were tried again.', [
    'what',
  ]),
  monitor_service_notifications_total: counter('Notifications by way and by result.', ['way', 'result']),
} as const;

export interface MetricDefinition {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds, ascending; of a histogram. */
  readonly buckets?: readonly number[];
}

type MetricName = keyof typeof METRIC_DEFINITIONS;

/** The names of one type of metric. */
export type NameOf<T extends MetricDefinition['type']> = {
  [N in MetricName]: (typeof METRIC_DEFINITIONS)[N]['type'] extends T ? N : never;
}[MetricName];

export type LabelOf<N extends MetricName> = (typeof METRIC_DEFINITIONS)[N]['labels'][number];

function counter<const L extends string = never>(help: string, labels: readonly L[] = []) {
  return { type: 'counter', help, labels } as const satisfies MetricDefinition;
}

function gauge<const L extends string = never>(help: string, labels: readonly L[] = []) {
  return { type: 'gauge', help, labels } as const satisfies MetricDefinition;
}

function histogram<const L extends string>(help: string, labels: readonly L[], buckets: readonly number[]) {
  return { type: 'histogram', help, labels, buckets } as const satisfies MetricDefinition;
}
