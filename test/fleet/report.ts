import type { RaisedAlarm } from './alarms.js';

const LATE_MS = 10_000;

/** What is known of one phase. */
export interface PhaseResult {
  readonly name: string;
  /** From the end of the fault until all streams were there, ms; undefined: not within a minute. */
  readonly streamsBackMs: number | undefined;
  readonly strangers: { readonly open: number; readonly ended: number };
}

/** One line for each phase, and one for all: what was raised, and what came of it. */
export function reportAlarms(results: readonly PhaseResult[], raised: readonly RaisedAlarm[]): string {
  const head = [
    'phase',
    'raised',
    'answered',
    'lost',
    'doubled',
    'wrong host',
    'check only',
    'late > 10 s',
    'killed',
    'p50 ms',
    'p99 ms',
    'streams s',
  ];
  const lines = results.map(({ name, streamsBackMs, strangers }) => [
    name,
    ...countsOf(raised.filter(({ phase }) => phase === name)),
    strangers.ended,
    ...timesOf(raised.filter(({ phase }) => phase === name)),
    streamsBackMs === undefined ? 'never' : (streamsBackMs / 1000).toFixed(1),
  ]);
  const killed = results.reduce((sum, { strangers }) => sum + strangers.ended, 0);
  return table([head, ...lines, ['all', ...countsOf(raised), killed, ...timesOf(raised), '']]);
}

/** In short, when it is over: a day that is broken off has told what it knew. */
export function describePhase({ name }: PhaseResult, raised: readonly RaisedAlarm[]): string {
  const [count, , lost, doubled, wrong, , late] = countsOf(raised.filter(({ phase }) => phase === name));
  return `  ${name}: ${count} raised, ${lost} lost, ${doubled} doubled, ${wrong} on the wrong host, ${late} late`;
}

/** The figures that must be 0. */
export function isClean(results: readonly PhaseResult[], raised: readonly RaisedAlarm[]): boolean {
  const [, , lost, doubled, wrong] = countsOf(raised);
  return (
    lost === 0 && doubled === 0 && wrong === 0 && results.every(({ strangers }) => strangers.ended === 0)
  );
}

function countsOf(alarms: readonly RaisedAlarm[]): number[] {
  const cleared = alarms.filter(({ clearedAt }) => clearedAt !== undefined);
  return [
    alarms.length,
    cleared.length,
    alarms.length - cleared.length,
    alarms.filter(({ restarts }) => restarts.length > 1).length,
    alarms.filter(({ host, restarts }) => restarts.some((restart) => restart.host !== host)).length,
    cleared.filter(({ restarts }) => restarts.length === 0).length,
    cleared.filter(({ clearedAt = 0, raisedAt }) => clearedAt - raisedAt > LATE_MS).length,
  ];
}

function timesOf(alarms: readonly RaisedAlarm[]): string[] {
  const times = alarms.flatMap(({ raisedAt, restarts: [first] }) => (first ? [first.at - raisedAt] : []));
  times.sort((a, b) => a - b);
  return [0.5, 0.99].map((share) => (times[Math.ceil(share * times.length) - 1] ?? Number.NaN).toFixed(1));
}

/** Columns under each other; the first one is text. */
export function table(rows: readonly (readonly (string | number)[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => String(row[column] ?? '').length)),
  );
  const pad = (cell: string | number, column: number): string =>
    column === 0 ? String(cell).padEnd(widths[0] ?? 0) : String(cell).padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(pad).join('  ')).join('\n');
}
