import type { Config } from '../../../config/config.js';
import { formatNote } from '../../../domain/alarm/format-note.js';
import { NOTE_TEXTS } from '../../../domain/alarm/note-texts.js';
import type { RestartPreview } from '../../../restart/preview/preview-restart.js';
import type { ProcessLookup } from './look-up-by-name.js';

const STRATEGIES = { command: 'custom', units: 'service', processes: 'process' } as const;

const LEFT_AS_IT_IS =
  'nothing (acknowledge = none): the alarm is not handled again until it was seen at 0 or is raised again';

/** Describes what is written to the row after a success at the first attempt (R12). */
export function describeSuccess(
  { monitor }: Config,
  { kind }: RestartPreview,
  { processId, notesColumn }: ProcessLookup,
): string[] {
  if (monitor.acknowledge === 'none') return [LEFT_AS_IT_IS];
  const notes = formatNote('OK', Date.now(), NOTE_TEXTS.OK.restarted(STRATEGIES[kind], 1), notesColumn);
  return [
    `UPDATE STATUS_PROCESS SET alarma = 0, notes = '${notes}'`,
    `  WHERE process_id = ${processId ?? '…'} AND alarma = 1, retried until the database accepts it`,
  ];
}

/** Describes what happens to the alarm if every attempt fails (R9, R10). */
export function describeFailedWrite({ monitor }: Config): string[] {
  const { checkIntervalMs, maxRestartFailures, circuitResetTimeMs } = monitor;
  return [
    `the alarm stays raised${monitor.acknowledge === 'none' ? '' : " with notes = 'FAILED …'"}; tried again after ${checkIntervalMs / 1000} s`,
    `after ${maxRestartFailures} failed cycle${maxRestartFailures === 1 ? '' : 's'} in a row it is tried again only after ${circuitResetTimeMs / 1000} s`,
  ];
}
