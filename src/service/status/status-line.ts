import { formatLocalTime } from '../../domain/local-time.js';
import type { RefusedConfig } from '../shared/reload-queue.js';

/** The values that the status line shows. */
export interface StatusFacts {
  /** The last reload was refused. */
  readonly refusedConfig: RefusedConfig | undefined;
  readonly isStreaming: boolean;
  readonly isBinlogEnabled: boolean;
  /** Why the stream is down, if that is known. */
  readonly streamProblem: string | undefined;
  readonly fallbackIntervalMs: number;
  /** Why the last reading of the table failed; undefined if it did not. */
  readonly tableProblem: string | undefined;
  /** Undefined before the first reading. */
  readonly standingAlarms: number | undefined;
  /** Names of processes with an open breaker. */
  readonly openBreakers: readonly string[];
}

const MAX_NAMES = 5;
/** So that the rest of the line stays visible. */
const MAX_PROBLEM_LENGTH = 200;

/** The line that `systemctl status` shows, e.g. `streaming; 2 standing alarms; 1 circuit open: httpd`. */
export function describeStatus(facts: StatusFacts): string {
  return [
    describeRefused(facts),
    describeSource(facts),
    describeAlarms(facts),
    describeBreakers(facts.openBreakers),
  ]
    .filter((part) => part !== '')
    .join('; ');
}

function describeRefused({ refusedConfig }: StatusFacts): string {
  if (!refusedConfig) return '';
  const { at, problem } = refusedConfig;
  const cut = problem.length > MAX_PROBLEM_LENGTH ? `${problem.slice(0, MAX_PROBLEM_LENGTH)}…` : problem;
  return `configuration of ${formatLocalTime(at).slice(-8, -3)} not taken: ${cut}`;
}

function describeSource(facts: StatusFacts): string {
  if (facts.isStreaming) return 'streaming';
  const polling = `polling every ${facts.fallbackIntervalMs / 1000} s`;
  if (!facts.isBinlogEnabled) return `${polling}: the binlog is off in config.ini`;
  return facts.streamProblem === undefined
    ? 'connecting to the database'
    : `${polling}: ${facts.streamProblem}`;
}

function describeAlarms({ tableProblem, streamProblem, standingAlarms }: StatusFacts): string {
  if (tableProblem !== undefined) {
    const why = tableProblem === streamProblem ? '' : `, the table cannot be read: ${tableProblem}`;
    return `standing alarms unknown${why}`;
  }
  if (standingAlarms === undefined) return '';
  if (standingAlarms === 0) return 'no standing alarms';
  return `${standingAlarms} standing alarm${standingAlarms === 1 ? '' : 's'}`;
}

function describeBreakers(names: readonly string[]): string {
  if (names.length === 0) return '';
  const shown = names.slice(0, MAX_NAMES).join(', ');
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  return `${names.length} circuit${names.length === 1 ? '' : 's'} open: ${shown}${more}`;
}
