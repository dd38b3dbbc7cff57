import type { Connection, RowDataPacket } from 'mysql2/promise';

/** Statements that clients have sent to the server since its start, by its own count; this one is among them. */
export async function countQuestions(connection: Connection): Promise<number> {
  const [[row]] = await connection.query<RowDataPacket[]>("SHOW GLOBAL STATUS LIKE 'Questions'");
  return Number(row?.Value);
}
