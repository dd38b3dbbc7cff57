import { expect, it } from 'vitest';
import { sumParts } from '../../fleet/binlog-parts.js';

/** As SHOW BINLOG EVENTS prints them; each event is as long as it says. */
function events(...rows: readonly (readonly [type: string, bytes: number, info?: string])[]) {
  let position = 4;
  return rows.map(([Event_type, bytes, Info = '']) => {
    const Pos = position;
    position += bytes;
    return { Event_type, Pos, End_log_pos: position, Info };
  });
}

it('tells the parts of a binlog of MariaDB apart', () => {
  const heartbeat = events(
    ['Format_desc', 250],
    ['Gtid_list', 50],
    ['Gtid', 42, 'BEGIN GTID 0-21-1'],
    ['Annotate_rows', 30, 'UPDATE FLEET_HEARTBEAT SET …'],
    ['Table_map', 50, 'table_id: 20 (alarms_1.FLEET_HEARTBEAT)'],
    ['Update_rows_v1', 60, 'table_id: 20 flags: STMT_END_F'],
    ['Xid', 31, 'COMMIT /* xid=9 */'],
    ['Gtid', 42, 'BEGIN GTID 0-21-2'],
    ['Table_map', 55, 'table_id: 21 (alarms_1.STATUS_PROCESS)'],
    ['Update_rows_v1', 45, 'table_id: 21 flags: STMT_END_F'],
    ['Xid', 31, 'COMMIT /* xid=10 */'],
    ['Gtid', 42, 'GTID 0-21-3'],
    ['Query', 80, 'use `other`; CREATE TABLE t (a INT)'],
    ['Gtid', 42, 'BEGIN GTID 0-21-4'],
    ['Table_map', 50, 'table_id: 22 (other.t)'],
    ['Write_rows_v1', 40, 'table_id: 22 flags: STMT_END_F'],
    ['Xid', 31, 'COMMIT /* xid=11 */'],
    ['Rotate', 47, 'binlog.000002;pos=4'],
  );
  expect(sumParts(heartbeat)).toEqual({ heartbeat: 213, tables: 173, other: 285, empty: 0, ofTheLog: 347 });
});

it('tells empty transactions of MySQL, where another schema was filtered out', () => {
  const filtered = events(
    ['Gtid', 79, "SET @@SESSION.GTID_NEXT= '…:1'"],
    ['Query', 70, 'BEGIN'],
    ['Query', 71, 'COMMIT'],
    ['Gtid', 79, "SET @@SESSION.GTID_NEXT= '…:2'"],
    ['Query', 75, 'BEGIN'],
    ['Table_map', 60, 'table_id: 95 (alarms_1.PROCESE)'],
    ['Delete_rows', 45, 'table_id: 95 flags: STMT_END_F'],
    ['Xid', 31, 'COMMIT /* xid=12 */'],
  );
  expect(sumParts(filtered)).toEqual({ heartbeat: 0, tables: 290, other: 0, empty: 220, ofTheLog: 0 });
});
