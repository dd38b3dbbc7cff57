import { hostname } from 'node:os';
import { expect, it } from 'vitest';
import { waitFor } from '../../support/restart/wait-for.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import { rowServerKinds, serverKinds } from '../../support/service/server-kinds.js';

const PROCESE = 'CREATE TABLE PROCESE (process_id INT PRIMARY KEY, process_name VARCHAR(100) NOT NULL)';
const status = (columns: string): string => `CREATE TABLE STATUS_PROCESS (${columns})`;
const FLAGS = 'alarma TINYINT NOT NULL DEFAULT 0, sound TINYINT NOT NULL DEFAULT 0';

/** Tables as older installations have them. */
const LAYOUTS: readonly [name: string, tables: string][] = [
  [
    'the original documentation: no index on alarma',
    `${PROCESE}; ${status(`process_id INT PRIMARY KEY, ${FLAGS}, notes VARCHAR(100),
      FOREIGN KEY (process_id) REFERENCES PROCESE(process_id)`)}`,
  ],
  [
    'the foreign key the other way round',
    `${status(`process_id INT PRIMARY KEY, ${FLAGS}, notes VARCHAR(100)`)};
    CREATE TABLE PROCESE (process_id INT PRIMARY KEY, process_name VARCHAR(100) NOT NULL,
      FOREIGN KEY (process_id) REFERENCES STATUS_PROCESS(process_id))`,
  ],
  [
    'no foreign key, no key at all',
    `CREATE TABLE PROCESE (process_id INT, process_name VARCHAR(100));
    ${status(`process_id INT, ${FLAGS}, notes VARCHAR(100)`)}`,
  ],
  ['notes TEXT', `${PROCESE}; ${status(`process_id INT PRIMARY KEY, ${FLAGS}, notes TEXT`)}`],
  [
    'notes VARCHAR(20) of latin1',
    `${PROCESE}; ${status(`process_id INT PRIMARY KEY, ${FLAGS}, notes VARCHAR(20) CHARACTER SET latin1`)}`,
  ],
  [
    'other types, other order, more columns',
    `CREATE TABLE PROCESE (place TEXT, process_name VARBINARY(100) NOT NULL, process_id BIGINT UNSIGNED PRIMARY KEY);
    ${status(`since TIMESTAMP NULL, notes VARBINARY(200), sound BOOLEAN DEFAULT 0, alarma CHAR(1) NOT NULL DEFAULT '0',
      process_id BIGINT UNSIGNED PRIMARY KEY`)}`,
  ],
  [
    'alarma BIT(1)',
    `${PROCESE}; ${status("process_id INT PRIMARY KEY, alarma BIT(1) NOT NULL DEFAULT b'0', sound TINYINT DEFAULT 0, notes VARCHAR(100)")}`,
  ],
];

/** Columns that would be misread, and the type that they get then. */
const REFUSED: readonly [column: string, tables: string, repair: string][] = [
  [
    'alarma ENUM, which is compared by the place of its member',
    `${PROCESE}; ${status("process_id INT PRIMARY KEY, alarma ENUM('0','1') NOT NULL DEFAULT '0', notes VARCHAR(100)")}`,
    'ALTER TABLE STATUS_PROCESS MODIFY alarma CHAR(1) NOT NULL; ALTER TABLE STATUS_PROCESS MODIFY alarma TINYINT NOT NULL',
  ],
  [
    'alarma BIT(8), whose 49 is the character 1 in the binlog',
    `${PROCESE}; ${status('process_id INT PRIMARY KEY, alarma BIT(8) NOT NULL DEFAULT 0, notes VARCHAR(100)')}`,
    'UPDATE STATUS_PROCESS SET alarma = 0; ALTER TABLE STATUS_PROCESS MODIFY alarma TINYINT NOT NULL; UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id = 2',
  ],
  [
    'process_id VARCHAR',
    `CREATE TABLE PROCESE (process_id VARCHAR(20) PRIMARY KEY, process_name VARCHAR(100) NOT NULL);
    ${status(`process_id VARCHAR(20) PRIMARY KEY, ${FLAGS}, notes VARCHAR(100)`)}`,
    'ALTER TABLE STATUS_PROCESS MODIFY process_id BIGINT; ALTER TABLE PROCESE MODIFY process_id BIGINT',
  ],
  [
    'process_id DECIMAL',
    `${PROCESE}; ${status(`process_id DECIMAL(10,2) PRIMARY KEY, ${FLAGS}, notes VARCHAR(100)`)}`,
    'ALTER TABLE STATUS_PROCESS MODIFY process_id INT',
  ],
];

/** What the configuration and the tables say of hosts, that together say too little or too much; and the repair. */
const HOSTS_REFUSED: readonly [what: string, hostId: string | undefined, change: string, repair: string][] = [
  [
    'host_id without the column',
    'auto',
    'DO 0',
    `ALTER TABLE STATUS_PROCESS ADD host_id VARCHAR(64) DEFAULT '${hostname()}'`,
  ],
  [
    'the column without host_id',
    undefined,
    'ALTER TABLE STATUS_PROCESS ADD host_id VARCHAR(64)',
    'ALTER TABLE STATUS_PROCESS DROP COLUMN host_id',
  ],
];

describeOnServers('tables', serverKinds, ({ openWith }) => {
  it.each(LAYOUTS)('of an older layout serve as they are: %s', async (_, tables) => {
    const { database, fleet, watch } = await openWith({
      tables,
      processes: ['standing', 'raised', 'broken'],
    });
    await fleet.breakRestart('broken');
    await fleet.fallIll('broken', 1);
    await database.query('UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id IN (1, 3)');
    const daemon = await watch({ 'process.default': { max_attempts: 1 } });
    await daemon.cleared('standing');
    await daemon.waitForLine(/broken: note written/);
    await database.raise(2);
    await daemon.cleared('raised');

    const notes = await Promise.all([1, 2, 3].map(async (id) => String((await database.row(id)).notes)));
    expect(notes[0]).toMatch(/^OK /);
    expect(notes[1]).toMatch(/^OK /);
    expect(notes[2]).toMatch(/^FAILED /);
    for (const name of ['standing', 'raised', 'broken']) expect(await fleet.restarts(name)).toBe(1);
  });

  it('host_id = * handles the rows of every host', async () => {
    const { database, watch } = await openWith({ processes: ['here', 'there', 'nowhere'] });
    await database.query(`ALTER TABLE STATUS_PROCESS ADD host_id VARCHAR(64);
      UPDATE STATUS_PROCESS SET host_id = IF(process_id = 1, 'a', 'b') WHERE process_id < 3`);
    const daemon = await watch({ monitor: { host_id: '*' } });
    await database.query('UPDATE STATUS_PROCESS SET alarma = 1');
    for (const name of ['here', 'there', 'nowhere']) await daemon.cleared(name);
  });

  it('a process_id that no number holds exactly costs its own alarms alone, and is told once', async () => {
    const { database, fleet, launch } = await openWith({
      tables: `CREATE TABLE PROCESE (process_id BIGINT UNSIGNED PRIMARY KEY, process_name VARCHAR(100) NOT NULL);
        ${status(`process_id BIGINT UNSIGNED PRIMARY KEY, ${FLAGS}, notes VARCHAR(100)`)}`,
    });
    await database.query(`INSERT INTO PROCESE VALUES (9007199254740993, 'huge'), (2, 'small');
      INSERT INTO STATUS_PROCESS (process_id, alarma) VALUES (9007199254740993, 1), (2, 1)`);
    const daemon = await launch({ monitor: { check_interval: 0.5 } });
    await daemon.cleared('small');
    const from = daemon.lines().length;
    await database.query('UPDATE STATUS_PROCESS SET alarma = 1');
    await daemon.waitForLine(/ small: alarm (cleared|seen)/, { from });
    expect(daemon.lines().filter((line) => line.includes('9007199254740993'))).toHaveLength(1);
    expect(await fleet.restarts('huge')).toBe(0);
  });

  it('R12: a note is cut to the width of its column', async () => {
    const { database, fleet, watch } = await openWith({
      tables: `${PROCESE}; ${status(`process_id INT PRIMARY KEY, ${FLAGS}, notes VARCHAR(30) CHARACTER SET latin1`)}`,
      processes: ['broken'],
    });
    await fleet.breakRestart('broken');
    await database.raise(1);
    const daemon = await watch();
    await daemon.waitForLine(/broken: note written/);
    expect((await database.row(1)).notes).toMatch(/^FAILED \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \.\.\.$/);
  });

  it('an alarm without a row in PROCESE is refused once, with a note, and answered when the row is there', async () => {
    const { database, fleet, watch } = await openWith({
      tables: `${PROCESE}; ${status(`process_id INT PRIMARY KEY, ${FLAGS}, notes VARCHAR(100)`)}`,
    });
    await database.query('INSERT INTO STATUS_PROCESS (process_id, alarma) VALUES (7, 1)');
    const daemon = await watch({ monitor: { check_interval: 0.5 } });
    await daemon.waitForLine(/ERROR .*process_id 7"?: refused, .*PROCESE has no row for process_id 7/);
    await waitFor('the note', async () => (await database.row(7)).notes !== null);
    expect(await database.row(7)).toMatchObject({
      alarma: 1,
      notes: expect.stringMatching(/^REFUSED .{19} PROCESE has no row for process_id 7$/),
    });
    await database.query("INSERT INTO PROCESE VALUES (7, 'late')");
    await daemon.cleared('late');
    expect(await fleet.restarts('late')).toBe(1);
    expect(daemon.lines().filter((line) => line.includes(': refused, '))).toHaveLength(1);
  });

  it.each(['STATUS_PROCESS', 'PROCESE'])(
    'host_id in %s: only the rows of this host are handled',
    async (table) => {
      const { database, fleet, watch } = await openWith({
        processes: ['ours', 'ours-standing', 'theirs', 'theirs-standing', 'nobodys'],
      });
      await database.query(`ALTER TABLE ${table} ADD COLUMN host_id VARCHAR(20);
      UPDATE ${table} SET host_id = IF(process_id < 3, 'here', 'there') WHERE process_id < 5;
      UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id IN (2, 4)`);
      const daemon = await watch({ monitor: { host_id: 'here', check_interval: 1 } });
      await daemon.cleared('ours-standing');
      await database.query('UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id IN (3, 5)');
      await database.raise(1);
      await daemon.cleared('ours');
      expect((await fleet.journal()).filter(({ name }) => /theirs|nobodys/.test(name))).toEqual([]);
      expect(daemon.lines().filter((line) => /theirs|nobodys/.test(line))).toEqual([]);
      expect(await database.row(3)).toMatchObject({ alarma: 1, notes: null });
      expect(await database.row(4)).toMatchObject({ alarma: 1, notes: null });
    },
  );
});

// Refused before anything is read from the binlog.
describeOnServers('tables, whatever the format of the binlog', rowServerKinds, ({ openWith }) => {
  it.each(REFUSED)('are refused until they are altered: %s', async (_, tables, repair) => {
    const { database, fleet, launch } = await openWith({ tables });
    await database.query(`INSERT INTO PROCESE (process_id, process_name) VALUES (1, 'calm'), (2, 'ill');
      INSERT INTO STATUS_PROCESS (process_id, alarma) VALUES (1, '0'), (2, '1')`);
    const daemon = await launch({ monitor: { fallback_interval: 1, check_interval: 1 } });
    await daemon.waitForLine(/(alarma|process_id) is .*, allowed: (an integer|a number).* MODIFY \1 /);
    expect(await fleet.journal()).toEqual([]);
    await database.query(repair);
    await daemon.cleared('ill');
    expect(await fleet.restarts('calm')).toBe(0);
  });

  it.each(HOSTS_REFUSED)('are refused until they are altered: %s', async (_, hostId, change, repair) => {
    const { database, fleet, launch } = await openWith({ processes: ['ill', 'raised'] });
    await database.query(`UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id = 1; ${change}`);
    const monitor = { fallback_interval: 1, check_interval: 1, ...(hostId ? { host_id: hostId } : {}) };
    const daemon = await launch({ monitor });
    await daemon.waitForLine(/host_id.*; (add the column with sql\/fleet\.sql|set host_id = auto)/);
    await database.raise(2);
    await daemon.waitForLine(/the table cannot be read|host_id/);
    expect(await fleet.journal()).toEqual([]);
    await database.query(repair);
    await daemon.cleared('ill');
    await daemon.cleared('raised');
  });
});
