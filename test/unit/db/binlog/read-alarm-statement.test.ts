import { describe, expect, it } from 'vitest';
import { readAlarmStatement } from '../../../../src/db/binlog/read-alarm-statement.js';

describe('R4: what a statement may do to the alarms', () => {
  it.each([
    ['UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id = 5', [], [5]],
    ['update `STATUS_PROCESS` as s set s.`alarma`=0, notes=NULL where s.process_id=5', [5], []],
    ['UPDATE STATUS_PROCESS SET alarma = 0 WHERE process_id IN (5, 6,7) AND alarma = 1', [5, 6, 7], []],
    ["UPDATE STATUS_PROCESS SET alarma = '0' WHERE process_id = '5'", [5], []],
    ['UPDATE STATUS_PROCESS SET alarma = 1 - alarma WHERE process_id = 5', [5], [5]],
    ['UPDATE STATUS_PROCESS SET alarma = 0', 'any', []],
    ['UPDATE STATUS_PROCESS SET alarma = 0 WHERE process_id = 5 OR sound = 1', 'any', []],
    ['UPDATE STATUS_PROCESS SET alarma = 0 WHERE NOT process_id = 5', 'any', []],
    ['UPDATE STATUS_PROCESS SET alarma = 0 WHERE process_id = @id', 'any', []],
    ['UPDATE STATUS_PROCESS SET alarma = 0 WHERE process_id = 0x05', 'any', []],
    ['UPDATE STATUS_PROCESS SET alarma = 0 WHERE process_id = 5+1', 'any', []],
    ['UPDATE STATUS_PROCESS SET alarma = 0 WHERE process_id = 5 + 1 AND alarma = 1', 'any', []],
    ['UPDATE STATUS_PROCESS SET alarma = 0 WHERE process_id = 5.5', 'any', []],
    ['UPDATE STATUS_PROCESS SET alarma = 0 WHERE process_id = 5e1', 'any', []],
    ["UPDATE STATUS_PROCESS SET alarma = 0 WHERE process_id = '5' '6'", 'any', []],
    ['UPDATE STATUS_PROCESS SET alarma = 0 WHERE process_id = 5 = 0', 'any', []],
    ['UPDATE STATUS_PROCESS SET alarma = 0 WHERE 10 - process_id = 4', 'any', []],
    ['UPDATE STATUS_PROCESS SET alarma = 0 WHERE (process_id = 5) = 0', 'any', []],
    ['UPDATE STATUS_PROCESS SET alarma = 0 WHERE (alarma = 1 AND process_id = 5) = 0', 'any', []],
    ['UPDATE STATUS_PROCESS SET alarma = 0 WHERE ISNULL(process_id = 5)', 'any', []],
    ['UPDATE STATUS_PROCESS SET alarma = 0 WHERE process_id IN (5 + 1, 7)', 'any', []],
    ['UPDATE STATUS_PROCESS SET alarma = 0 WHERE process_id IN (5 - 1)', 'any', []],
    ['UPDATE STATUS_PROCESS SET alarma = 0 WHERE process_id IN (5) = 0', 'any', []],
    ['UPDATE STATUS_PROCESS SET alarma = 0 WHERE other_process_id = 5', 'any', []],
    ['UPDATE STATUS_PROCESS SET alarma = 0 WHERE ((v.STATUS_PROCESS.process_id = 5))', [5], []],
    ['UPDATE STATUS_PROCESS SET alarma = 0 WHERE (alarma = 1) AND (process_id = -5) LIMIT 1', [-5], []],
    ['UPDATE STATUS_PROCESS SET alarma = 0 WHERE process_id=5;', [5], []],
    ['DELETE FROM STATUS_PROCESS WHERE process_id = 5 ORDER BY alarma', [5], []],
    ["UPDATE STATUS_PROCESS SET notes = 'alarma = 0' WHERE process_id = 5", [], []],
    ['UPDATE STATUS_PROCESS SET notes = "it\'s", alarma = 1 /* alarma = 0 */ WHERE process_id = 5', [], [5]],
    ["UPDATE STATUS_PROCESS SET notes = 'it''s', sound = 1 WHERE alarma = 1", [], []],
    ['DELETE FROM STATUS_PROCESS WHERE process_id = 5', [5], []],
    ['DELETE FROM STATUS_PROCESS', 'any', []],
    ['INSERT INTO STATUS_PROCESS (process_id, alarma) VALUES (5, 1), (6, 1)', [], [5, 6]],
    ['INSERT INTO STATUS_PROCESS VALUES (5, 1, 0, NULL)', [], 'any'],
    [
      'INSERT INTO STATUS_PROCESS (process_id, alarma) VALUES (5, 1) ON DUPLICATE KEY UPDATE alarma = 1',
      [],
      [5],
    ],
    [
      'INSERT INTO STATUS_PROCESS (process_id, alarma) VALUES (5, 1) ON DUPLICATE KEY UPDATE alarma = 0',
      [5],
      [5],
    ],
    ["REPLACE INTO STATUS_PROCESS (process_id, alarma, notes) VALUES (5, 1, 'a, (b)')", [], [5]],
    ['REPLACE INTO STATUS_PROCESS (notes, alarma, process_id) VALUES (NULL, 0, 5), (NULL, 1, 6)', [5], [6]],
    ['REPLACE INTO STATUS_PROCESS (process_id) VALUES (5)', [5], [5]],
    ['REPLACE INTO STATUS_PROCESS VALUES (5, 1, 0, NULL)', 'any', 'any'],
    ['BEGIN NOT ATOMIC UPDATE STATUS_PROCESS SET alarma = 0; END', 'any', 'any'],
    ['GRANT SELECT ON STATUS_PROCESS TO x', [], []],
  ])('%s', (statement, lowers, raises) => {
    expect(readAlarmStatement(statement)).toEqual({ lowers, raises });
  });

  it('does not parse what is longer than any statement about alarms needs to be: it takes no long time over a hostile text', () => {
    const words = "'process_id',";
    const view = (count: number): string =>
      `CREATE VIEW own.v AS SELECT 1 AS alarma WHERE 'a' IN (${words.repeat(count)}'b')`;
    expect(readAlarmStatement(view(1000))).toEqual({ lowers: 'any', raises: 'any' });
    expect(readAlarmStatement(view(1_000_000))).toEqual({ lowers: 'any', raises: 'any' });
    for (const piece of ['set where ', '(process_id) values (', '(', '/*', '/* */', "'", '\\', ') values ']) {
      for (const begin of ['UPDATE x ', 'INSERT INTO x ', 'REPLACE x ', 'DELETE x ', "SELECT '"]) {
        readAlarmStatement(`${begin}${piece.repeat(16_000 / piece.length)}`);
        readAlarmStatement(`${begin}${piece.repeat(1_000_000)}`);
      }
    }
  });
});
