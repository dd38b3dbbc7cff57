import type { TableInspection } from '../../../db/preflight/inspect-tables.js';
import type { TableLayout } from '../../../db/tables/table-layout.js';
import { type Finding, faultFinding, okFinding, warningFinding } from '../../../domain/finding.js';

const MIN_USEFUL_NOTE_LENGTH = 40;

/** Judges keys, engine and triggers of one table. `readTableLayout` judges the columns. Pure. */
export function judgeTable(table: TableInspection): Finding[] {
  const findings = [
    ...judgeKey(table),
    ...judgeEngine(table),
    ...(table.triggers.length > 0 ? [okFinding(table.name, `triggers: ${table.triggers.join(', ')}`)] : []),
  ];
  const columns = [...table.columns].map(([name, type]) => `${name} ${type}`).join(', ');
  return [okFinding(table.name, columns), ...findings];
}

/** Judges the length of notes. Pure. */
export function judgeNotes(layout: TableLayout): Finding[] {
  if (layout.notes.maxLength >= MIN_USEFUL_NOTE_LENGTH) return [];
  return [
    warningFinding(
      layout.statusTable,
      `notes holds ${layout.notes.maxLength} characters: longer notes are cut`,
      `ALTER TABLE ${layout.statusTable} MODIFY notes VARCHAR(100);`,
    ),
  ];
}

function judgeKey({ name, isIdUnique }: TableInspection): Finding[] {
  if (isIdUnique) return [];
  return [
    warningFinding(
      name,
      'process_id is not a key: a process can have two rows, and finding one reads the whole table',
      `ALTER TABLE ${name} ADD PRIMARY KEY (process_id);`,
    ),
  ];
}

function judgeEngine({ name, engine }: TableInspection): Finding[] {
  if (engine === undefined) {
    const message = 'is a view: the binlog shows its changes under the name of the underlying table';
    return [faultFinding(name, message, 'make it a table, see sql/setup.sql')];
  }
  if (engine.toLowerCase() === 'innodb') return [];
  const message = `engine ${engine}: an alarm raised in a transaction cannot be rolled back, and a crash may damage it`;
  return [warningFinding(name, message, `ALTER TABLE ${name} ENGINE = InnoDB;`)];
}
