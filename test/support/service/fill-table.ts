import type { AlarmDatabase } from './alarm-database.js';

/** Doubles the rows of both tables until there are so many: statements that carry a million rows would take minutes. */
export async function fillTable(database: AlarmDatabase, processes: number): Promise<void> {
  await database.session(async (connection) => {
    await connection.query(
      `INSERT IGNORE INTO PROCESE (process_id, process_name) VALUES (1, 'p1');
      INSERT IGNORE INTO STATUS_PROCESS (process_id) VALUES (1)`,
    );
    for (let rows = 1; rows < processes; rows *= 2) {
      const added = Math.min(rows, processes - rows);
      await connection.query(
        `INSERT INTO PROCESE (process_id, process_name)
          SELECT process_id + ${rows}, CONCAT('p', process_id + ${rows}) FROM PROCESE WHERE process_id <= ${added};
        INSERT INTO STATUS_PROCESS (process_id)
          SELECT process_id + ${rows} FROM STATUS_PROCESS WHERE process_id <= ${added}`,
      );
    }
  });
}
