import type { RaiserSession } from './raiser-session.js';
import type { Way } from './ways.js';

/** Ways that keep the change of the row out of the binlog, or show less of it. */
export const WAYS_AROUND: readonly Way[] = [
  {
    name: 'sql_log_bin = 0',
    weight: 3,
    run: (session, way) => session.withSetting('sql_log_bin', '0', () => update(session, way)),
  },
  {
    name: 'STATEMENT format',
    weight: 4,
    run: (session, way) => session.withSetting('binlog_format', "'STATEMENT'", () => update(session, way)),
  },
  {
    name: 'STATEMENT format, stored function',
    weight: 2,
    run: (session, way) =>
      session.withSetting('binlog_format', "'STATEMENT'", () =>
        session.commit(way, `SELECT alarm_raised(${session.target().id})`),
      ),
  },
  {
    name: 'MINIMAL row image',
    weight: 3,
    run: (session, way) => session.withSetting('binlog_row_image', "'MINIMAL'", () => update(session, way)),
  },
  {
    name: 'NOBLOB row image',
    weight: 2,
    run: (session, way) => session.withSetting('binlog_row_image', "'NOBLOB'", () => update(session, way)),
  },
  {
    name: 'compressed transaction',
    weight: 3,
    // MariaDB compresses by a setting of the whole server.
    run: (session, way) =>
      session.flavour === 'mysql'
        ? session.withSetting('binlog_transaction_compression', 'ON', () => update(session, way))
        : update(session, way),
  },
];

function update(session: RaiserSession, way: string): Promise<void> {
  return session.commit(
    way,
    `UPDATE STATUS_PROCESS SET alarma = 1${session.notes()} WHERE process_id = ${session.target().id}`,
  );
}
