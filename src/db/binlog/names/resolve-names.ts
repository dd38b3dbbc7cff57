import type { BinlogSignal } from '../../../domain/alarm/binlog-signal.js';
import type { KnownNames } from './known-names.js';
import type { NameChanges } from './read-name-changes.js';

/** What an event says: about the alarms, or about the names. */
export type RowSignal = BinlogSignal | ({ readonly kind: 'named' } & NameChanges);

/**
 * Brings the names up to date with what may be acted on now, and gives each raised alarm the name of its process. The
 * changes of PROCESE in a transaction count before its alarms, and what is hidden before both (R36).
 */
export function resolveNames(
  signals: readonly RowSignal[],
  names: KnownNames,
  now: number,
): readonly BinlogSignal[] {
  if (signals.some(({ kind }) => kind === 'hidden')) names.forgetAll(now);
  else for (const signal of signals) if (signal.kind === 'named') takeAll(signal, names, now);
  return signals.flatMap((signal): BinlogSignal[] => {
    if (signal.kind === 'named') return signal.mayCascade ? [{ kind: 'hidden', namesTable: true }] : [];
    if (signal.kind !== 'raised') return [signal];
    const processName = names.get(signal.processId);
    return [processName === undefined ? signal : { ...signal, processName }];
  });
}

function takeAll({ changes }: NameChanges, names: KnownNames, now: number): void {
  for (const change of changes) names.take(change, now);
}
