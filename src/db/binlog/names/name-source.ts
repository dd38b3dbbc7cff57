import type { Connection, Pool } from 'mysql2/promise';
import { queryFirstKnown } from '../../preflight/query-first-known.js';

/** Where the names of processes are read, and how it is known that the stream has shown all that the reading saw. */
export interface NameSource {
  use<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  /**
   * Called after a reading. The result tells whether the stream has come past everything that was committed by now; it is
   * undefined if that cannot be told.
   */
  noteProgress(): Promise<(() => boolean) | undefined>;
}

interface BinlogPosition {
  readonly file: string;
  readonly position: number;
}

/** The server of the stream itself. `position`: how far the stream has come. */
export function nameSourceOfStream(pool: Pool, position: () => BinlogPosition): NameSource {
  const use = async <T>(work: (connection: Connection) => Promise<T>): Promise<T> => {
    const connection = await pool.getConnection();
    try {
      return await work(connection);
    } finally {
      connection.release();
    }
  };
  return {
    use,
    async noteProgress() {
      const noted = await use(readPosition);
      return noted && (() => isReached(noted, position()));
    },
  };
}

async function readPosition(connection: Connection): Promise<BinlogPosition | undefined> {
  const rows = await queryFirstKnown(connection, ['SHOW BINARY LOG STATUS', 'SHOW MASTER STATUS']);
  const { File: file, Position: position } = rows?.[0] ?? {};
  return file === undefined ? undefined : { file: String(file), position: Number(position) };
}

/** Exported for its test. */
export function isReached(wanted: BinlogPosition, now: BinlogPosition): boolean {
  if (wanted.file === now.file) return now.position >= wanted.position;
  return numberOf(now.file) > numberOf(wanted.file);
}

function numberOf(file: string): number {
  return Number(/\.(\d+)$/.exec(file)?.[1] ?? Number.NaN);
}
