import type { Connection, RowDataPacket } from 'mysql2/promise';

/** How many alarms stand in the table. */
export async function countStanding(connection: Connection): Promise<number> {
  const sql = 'SELECT COUNT(*) AS standing FROM STATUS_PROCESS WHERE alarma = 1';
  const [[row]] = await connection.query<RowDataPacket[]>(sql);
  return Number(row?.standing);
}
