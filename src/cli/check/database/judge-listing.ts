import type { Config } from '../../../config/config.js';
import type { ListedProcess, ProcessListing } from '../../../db/tables/list-processes.js';
import { admit } from '../../../domain/cycle/admission.js';
import { type Finding, okFinding, warningFinding } from '../../../domain/finding.js';
import { normalizeUnitName } from '../../../domain/system-name.js';

const MAX_SHOWN = 10;

/** Judges the rows of the two tables against each other. Pure. */
export function judgeListing({ processes, isCut }: ProcessListing, config: Config): Finding[] {
  const raised = processes.filter(({ isRaised }) => isRaised).length;
  const findings: Finding[] = [
    okFinding('processes', `${processes.length}${isCut ? ' and more' : ''}, ${raised} of them in alarm`),
  ];
  const nameless = processes.filter(({ hasProcessRow, name }) => !hasProcessRow || name === null);
  if (nameless.length > 0) {
    findings.push(
      warningFinding(
        'PROCESE',
        `has no name for process_id ${shorten(nameless.map(({ processId }) => processId))}: an alarm of it is refused`,
        `INSERT INTO PROCESE (process_id, process_name) VALUES (${nameless[0]?.processId}, '…');`,
      ),
    );
  }
  const silent = processes.filter(({ hasStatusRow }) => !hasStatusRow);
  if (silent.length > 0) {
    const ids = silent.map(({ processId }) => processId);
    findings.push(
      warningFinding(
        'STATUS_PROCESS',
        `has no row for process_id ${shorten(ids)}: an UPDATE cannot raise its alarm`,
        `INSERT INTO STATUS_PROCESS (process_id) VALUES ${ids
          .slice(0, MAX_SHOWN)
          .map((id) => `(${id})`)
          .join(', ')};`,
      ),
    );
  }
  return [...findings, ...judgeDuplicates(processes, config)];
}

/** A program with two process_ids has two breakers, and an alarm of either restarts it. */
function judgeDuplicates(
  processes: readonly ListedProcess[],
  { processes: rules, monitor }: Config,
): Finding[] {
  const idsByKey = new Map<string, number[]>();
  for (const { processId, name } of processes) {
    const admission = name === null ? undefined : admit(name, { ...rules, ...monitor });
    if (admission?.kind !== 'accepted') continue;
    const key = normalizeUnitName(admission.target.systemName);
    idsByKey.set(key, [...(idsByKey.get(key) ?? []), processId]);
  }
  const doubles = [...idsByKey].filter(([, ids]) => ids.length > 1);
  return doubles
    .slice(0, MAX_SHOWN)
    .map(([key, ids]) =>
      warningFinding(
        'PROCESE',
        `process_id ${shorten(ids)} are the same program, ${key}: an alarm of either restarts it`,
        'keep one of the rows',
      ),
    );
}

function shorten(ids: readonly number[]): string {
  const more = ids.length > MAX_SHOWN ? ` and ${ids.length - MAX_SHOWN} more` : '';
  return `${ids.slice(0, MAX_SHOWN).join(', ')}${more}`;
}
