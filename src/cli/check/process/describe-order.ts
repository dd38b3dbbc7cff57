import type { Config } from '../../../config/config.js';
import { admit } from '../../../domain/cycle/admission.js';
import type { ProcessSettings } from '../../../domain/cycle/process-settings.js';
import { findAwaited, type RowState } from '../../../domain/cycle/restart-order.js';
import { describeState } from './describe-state.js';

/** A row of the tables. */
interface KnownRow {
  readonly processId: number;
  readonly name: string | null;
  readonly isRaised: boolean;
}

/**
 * Describes which alarms are handled before one of this process, for which it would wait now, and with which process it is
 * restarted (R35). Returns nothing if its section names no other process. `rows` are those of the tables; undefined: they
 * could not be read.
 */
export async function describeOrder(
  { after = [], requires = [], restartWith }: ProcessSettings,
  rows: readonly KnownRow[] | undefined,
  config: Config,
): Promise<string[]> {
  const follows = restartWith ? [`is restarted with ${restartWith.join(', ')} (restart_with)`] : [];
  const named = [...after.map((name) => `${name} (after)`), ...requires.map((name) => `${name} (requires)`)];
  if (named.length === 0) return follows;
  const goes = `goes after ${named.join(', ')}, if their alarms are raised too`;
  if (!rows) return [goes, ...follows];
  const others = rows.filter(({ name }) => name !== null && [...after, ...requires].includes(name));
  const states = await Promise.all(
    others.filter(({ isRaised }) => isRaised).map((row) => stateOf(row, config)),
  );
  // NaN is the id of none of the others: no process waits for itself.
  const ids = findAwaited({ after, requires }, Number.NaN, states).map(({ processId }) => processId);
  const awaited = states.filter(({ processId }) => ids.includes(processId));
  const names = [...new Set(awaited.map(({ processName }) => processName))];
  const waits = names.length > 0 ? `would wait for ${names.join(', ')}` : 'would not wait now';
  return [goes, waits, ...follows];
}

async function stateOf({ processId, name }: KnownRow, config: Config): Promise<RowState> {
  const processName = name ?? '';
  const isAccepted = admit(processName, { ...config.processes, ...config.monitor }).kind === 'accepted';
  const isAnswered = isAccepted && (await describeState(processName, processId, config)).mayRun;
  return { processId, processName, verdicts: 0, verdictsDue: isAnswered ? 1 : 0, stands: true, settled: 0 };
}
