import type { AlarmDatabase } from '../../support/service/alarm-database.js';
import type { ServerKind } from '../../support/service/server-kinds.js';
import { installHistory } from './history.js';
import { MEMBERS } from './members.js';

/** Lists the processes and gives the raisers what their ways need: a view, a trigger, routines. */
export async function furnishDatabase(database: AlarmDatabase, { showsRows }: ServerKind): Promise<void> {
  await database.addProcesses(...MEMBERS.map(({ name }) => name));
  await installHistory(database, { showsRows });
  const raise = "UPDATE STATUS_PROCESS SET alarma = 1, notes = 'too hot' WHERE process_id";
  const statements = [
    'CREATE VIEW ALARMS_SEEN AS SELECT process_id, alarma FROM STATUS_PROCESS',
    `CREATE TRIGGER too_hot AFTER INSERT ON READINGS FOR EACH ROW ${raise} = NEW.process_id AND NEW.celsius > 80`,
    `CREATE PROCEDURE raise_alarm(IN id INT) ${raise} = id`,
    `CREATE FUNCTION alarm_raised(id INT) RETURNS INT DETERMINISTIC MODIFIES SQL DATA
      BEGIN ${raise} = id; RETURN id; END`,
  ];
  for (const statement of statements) await database.query(statement);
}
