import type { Connection, RowDataPacket } from 'mysql2/promise';
import { waitFor } from '../../test/support/restart/wait-for.js';
import { monotonicMs } from '../support/monotonic.js';

/** Tells when alarms are cleared: a trigger notes the time, so that nobody has to look at the table all the time. */
export interface ClearClock {
  /** Forgets all clears. */
  reset(): Promise<void>;
  /** Waits until so many processes have been cleared; the time of the last one, monotonic ms. */
  cleared(count: number, deadlineMs?: number): Promise<number>;
}

/** The quickest of so many questions for the time tells how the server's clock stands to ours, to a tenth of a ms. */
const QUESTIONS = 20;
const DEADLINE_MS = 30_000;

export async function openClearClock(connection: Connection): Promise<ClearClock> {
  await connection.query('CREATE TABLE CLEARED (process_id INT PRIMARY KEY, at DECIMAL(20,3) NOT NULL)');
  // SYSDATE: when the row is changed, not when its statement began.
  await connection.query(`CREATE TRIGGER note_clear AFTER UPDATE ON STATUS_PROCESS FOR EACH ROW
    IF OLD.alarma = 1 AND NEW.alarma = 0 THEN
      REPLACE INTO CLEARED VALUES (NEW.process_id, UNIX_TIMESTAMP(SYSDATE(6)) * 1000);
    END IF`);
  return {
    async reset() {
      await connection.query('DELETE FROM CLEARED');
    },
    async cleared(count, deadlineMs = DEADLINE_MS) {
      const at = await waitFor(
        `${count} alarms to be cleared`,
        async () => {
          const sql = 'SELECT COUNT(*) AS count, MAX(at) AS at FROM CLEARED';
          const [[row]] = await connection.query<RowDataPacket[]>(sql);
          return Number(row?.count) >= count && Number(row?.at);
        },
        deadlineMs,
      );
      return at - (await offsetOf(connection));
    },
  };
}

/** Ms by which the server's clock is ahead of ours. */
async function offsetOf(connection: Connection): Promise<number> {
  let best = { tookMs: Number.POSITIVE_INFINITY, offset: Number.NaN };
  for (let question = 0; question < QUESTIONS; question += 1) {
    const askedAt = monotonicMs();
    const [[row]] = await connection.query<RowDataPacket[]>('SELECT UNIX_TIMESTAMP(SYSDATE(6)) * 1000 AS at');
    const tookMs = monotonicMs() - askedAt;
    if (tookMs < best.tookMs) best = { tookMs, offset: Number(row?.at) - askedAt - tookMs / 2 };
  }
  return best.offset;
}
