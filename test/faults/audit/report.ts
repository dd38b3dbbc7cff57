import type { LabResult } from '../run-lab.js';
import { nameOf } from '../scene/members.js';
import { countTriggers } from './count-triggers.js';
import { EXCUSE_KINDS } from './excuse.js';
import { countFlapping } from './judge-breakers.js';
import { drawTimeline } from './timeline.js';
import { VIOLATION_KINDS } from './violation.js';

const MOST_TIMELINES = 12;

/** The table of one run: what happened, and what must be 0. */
export function reportTable({ audit, injected, evidence, tookMs }: LabResult): string {
  const failed = injected.filter((fault) => fault.failed !== undefined).length;
  const rows: [string, number][] = [
    ['faults', injected.length - failed],
    ['faults that could not be made', failed],
    ['transactions of the raisers', evidence.commits.all().length],
    ['alarms committed', audit.committed],
    ['  answered: verified, then cleared', audit.answered],
    ['  taken back by somebody', audit.withdrawn],
    ['  still raised, with the reason', audit.standingWithReason],
    ['raised again by the service', audit.raisedAgainByUs],
    ...countTriggers(evidence.log).map(([trigger, count]): [string, number] => [`seen by ${trigger}`, count]),
    ['longest wait for the first command, s', Math.round(audit.longestWaitMs / 1000)],
    ['breakers opened by flapping', countFlapping(evidence)],
    ['restarts', audit.restarts],
    ['health checks', audit.checks],
    ...VIOLATION_KINDS.map((kind): [string, number] => [
      kind.toUpperCase(),
      audit.violations.filter((violation) => violation.kind === kind).length,
    ]),
    ...EXCUSE_KINDS.map((kind): [string, number] => [
      `excused: ${kind}`,
      audit.excuses.filter((excuse) => excuse.kind === kind).length,
    ]),
    ['excused: end of an idle connection on stderr', evidence.idleConnectionsEnded],
  ];
  return [
    ...rows.map(([what, count]) => `  ${what.padEnd(60)}${String(count).padStart(8)}`),
    `  ${'minutes'.padEnd(60)}${(tookMs / 60_000).toFixed(1).padStart(8)}`,
  ].join('\n');
}

/** How often each kind of fault was made. */
export function reportFaults({ injected }: LabResult): string {
  const kinds = new Map<string, { made: number; failed: number; why?: string }>();
  for (const { name, failed } of injected) {
    const count = kinds.get(name) ?? { made: 0, failed: 0 };
    kinds.set(name, count);
    if (failed === undefined) count.made += 1;
    else {
      count.failed += 1;
      count.why = failed;
    }
  }
  return reportCounts(kinds);
}

/** How often each way of changing alarms was gone. */
export function reportWays({ raisers }: LabResult): string {
  const ways = new Map<string, { made: number; failed: number; why?: string }>();
  for (const { counts } of raisers) {
    for (const [name, { done, failed, lastError }] of counts) {
      const count = ways.get(name) ?? { made: 0, failed: 0 };
      ways.set(name, count);
      count.made += done;
      count.failed += failed;
      if (lastError !== undefined) count.why = lastError;
    }
  }
  return reportCounts(ways);
}

/** Each violation, and the history of the first processes concerned. */
export function describeViolations({ audit, evidence, injected }: LabResult): string {
  const lines = audit.violations.map(({ kind, processId, at, text }) => {
    const who = processId === undefined ? '' : ` ${nameOf(processId)}`;
    const when = Number.isFinite(at) ? ` ${new Date(at).toISOString().slice(11, 23)}` : '';
    return `${kind.toUpperCase()}:${who}${when} ${text}`;
  });
  const concerned = audit.violations
    .filter(({ processId }) => processId !== undefined)
    .slice(0, MOST_TIMELINES);
  const timelines = concerned.map(
    ({ processId = 0, at }) =>
      `\nhistory of ${nameOf(processId)}:\n${drawTimeline(evidence, injected, processId, at)}`,
  );
  return [...lines, ...timelines].join('\n');
}

function reportCounts(counts: ReadonlyMap<string, { made: number; failed: number; why?: string }>): string {
  return [...counts]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(
      ([name, { made, failed, why }]) =>
        `  ${name.padEnd(56)}${String(made).padStart(6)}${failed ? `  failed ${failed}: ${why?.slice(0, 90)}` : ''}`,
    )
    .join('\n');
}
