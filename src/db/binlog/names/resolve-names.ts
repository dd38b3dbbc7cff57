import type { BinlogSignal } from '../../../domain/alarm/binlog-signal.js';
import type { KnownNames } from './known-names.js';
import type { NameChanges } from './read-name-changes.js';

/** What an event reports: about the alarms, or about the names. */
export type RowSignal = BinlogSignal | ({ readonly kind: 'named' } & NameChanges);

/**
 * Updates the names by signals that may be acted on now, and adds to each raised alarm the name of its process, or for
 * how long a look-up of it may be wrong. In a transaction hidden changes count first, then the changes of PROCESE, then
 * its alarms (R36).
 */
export function resolveNames(
  signals: readonly RowSignal[],
  names: KnownNames,
  now: number,
): readonly BinlogSignal[] {
  const hides = signals.some(({ kind }) => kind === 'hidden');
  if (hides) names.forgetAll(now);
  else for (const signal of signals) if (signal.kind === 'named') updateNames(signal, names, now);
  return signals.flatMap((signal): BinlogSignal[] => {
    if (signal.kind === 'named')
      return [...(signal.mayHideAlarms ? [hiddenBy(signal)] : []), ...renamingsOf(signal, hides)];
    if (signal.kind !== 'raised') return [signal];
    const processName = names.get(signal.processId);
    if (processName !== undefined) return [{ ...signal, processName }];
    const nameDoubtedForMs = names.doubtedForMs(signal.processId, now);
    return [nameDoubtedForMs > 0 ? { ...signal, nameDoubtedForMs } : signal];
  });
}

/** Only the alarms of these processes can have gone or come with it. */
function hiddenBy({ changes }: NameChanges): BinlogSignal {
  return { kind: 'hidden', namesTable: true, concerns: changes.map(({ processId }) => processId) };
}

/** `isAsked`: what the same transaction hides may have changed the name again. */
function renamingsOf({ changes }: NameChanges, isAsked: boolean): BinlogSignal[] {
  return changes.map(({ processId, name }) => ({
    kind: 'renamed',
    renaming: { processId, ...(name !== undefined && !isAsked && { processName: name }) },
  }));
}

function updateNames({ changes }: NameChanges, names: KnownNames, now: number): void {
  for (const change of changes) names.onChange(change, now);
}
