import type { NamedRaise, Renames } from '../raisers/renamer.js';
import type { Run } from '../scene/recorded-fleet.js';
import type { Evidence } from './evidence.js';
import { timesInLog } from './log-lines.js';
import type { Violation } from './violation.js';

/** R36: a restart under a name that the row had no more at the commit of the alarm that it answers. */
export function judgeNames({ renames, runs, log }: Pick<Evidence, 'renames' | 'runs' | 'log'>): Violation[] {
  const known = new Set(renames.spans.map(({ name }) => name));
  const restarts = runs.filter(({ what, name }) => what === 'restart' && known.has(name));
  return restarts
    .filter((run) => !isOwnName(run, runs, renames, log))
    .map(({ name, begin }) => ({
      kind: 'wrong name',
      processId: renames.spans.find((span) => span.name === name)?.processId ?? 0,
      at: begin,
      text: `${name} was restarted, and no row with an alarm had this name at its commit or since`,
    }));
}

function isOwnName(
  run: Run,
  runs: readonly Run[],
  { spans, raises }: Renames,
  log: readonly string[],
): boolean {
  return spans.some(
    ({ processId, name, from, to }) =>
      name === run.name &&
      from <= run.begin &&
      answerable(processId, run, runs, { spans, raises }, log).some((raise) => to > raise.from),
  );
}

/**
 * The raises that this restart may answer: those since the restart before whose alarm was cleared, and the last one, whose
 * alarm may still stand. A restart whose alarm was not cleared answers nothing: the next attempt is for the same raise, also
 * where the service was killed after the process was found healthy and before the clear.
 */
function answerable(
  processId: number,
  run: Run,
  runs: readonly Run[],
  { spans, raises }: Renames,
  log: readonly string[],
): readonly NamedRaise[] {
  const bearers = (name: string): readonly number[] =>
    spans.flatMap((span) => (span.name === name ? [span.processId] : []));
  const isOfItAlone = (name: string): boolean => {
    const ids = bearers(name);
    return ids.length > 0 && ids.every((id) => id === processId);
  };
  const isCleared = ({ name, end = Number.POSITIVE_INFINITY }: Run): boolean =>
    timesInLog({ log }, { name }, /^alarm cleared/).some((at) => at >= end && at < run.begin);
  const before =
    runs.findLast(
      (one) => one.what === 'restart' && one.begin < run.begin && isOfItAlone(one.name) && isCleared(one),
    )?.begin ?? 0;
  const until = raises.filter((raise) => raise.processId === processId && raise.from <= run.begin);
  return until.filter(({ to }, index) => to > before || index === until.length - 1);
}
