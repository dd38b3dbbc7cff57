import { expect, it, onTestFailed } from 'vitest';
import { Crew, type CrewMember } from '../../support/faults/crew.js';
import { describeOnDaemon, describeOnServers } from '../../support/service/describe-on-servers.js';
import { rowServerKinds } from '../../support/service/server-kinds.js';

const RAISES = 6;

/** No poll comes within the time of these tests, but where the stream is down. */
describeOnDaemon(
  'a table that is altered while alarms are raised',
  rowServerKinds,
  {},
  ({ scene, daemon }) => {
    const crew = new Crew(scene, daemon);
    const RENAMED = 'RENAME TABLE STATUS_PROCESS TO elsewhere; RENAME TABLE elsewhere TO STATUS_PROCESS';
    const WITHOUT_KEY = 'ALTER TABLE STATUS_PROCESS DROP FOREIGN KEY STATUS_PROCESS_ibfk_1';

    it.each([
      ['ADD COLUMN … FIRST', 'ALTER TABLE STATUS_PROCESS ADD COLUMN place INT NOT NULL DEFAULT 1 FIRST'],
      ['DROP of that column', 'ALTER TABLE STATUS_PROCESS DROP COLUMN place'],
      ['another order', 'ALTER TABLE STATUS_PROCESS MODIFY alarma TINYINT NOT NULL DEFAULT 0 AFTER notes'],
      ['notes of 30', "SET SESSION sql_mode = ''; ALTER TABLE STATUS_PROCESS MODIFY notes VARCHAR(30)"],
      ['another engine', `${WITHOUT_KEY}; ALTER TABLE STATUS_PROCESS ENGINE = MyISAM`],
      ['and back', 'ALTER TABLE STATUS_PROCESS ENGINE = InnoDB'],
      ['RENAME away and back', RENAMED],
      ['FLUSH TABLES', 'FLUSH TABLES'],
    ])('R1, R4: %s: no alarm is lost, none answered twice', async (_, ddl) => {
      onTestFailed(() => void process.stderr.write(`\n${daemon.lines().slice(-80).join('\n')}\n`));
      const before = await crew.raiseOne();
      const [, raised] = await Promise.all([scene.database.query(ddl), raiseMany()]);
      const after = await crew.raiseOne();
      for (const member of [before, ...raised, after]) await crew.expectAnswered(member);
    });

    it('R1, R4: another table that takes its place, with an alarm in it', async () => {
      const standing = await crew.add();
      await scene.database.query(`CREATE TABLE next_one LIKE STATUS_PROCESS;
      INSERT INTO next_one (process_id, alarma) VALUES (${standing.id}, 1);
      RENAME TABLE STATUS_PROCESS TO old_one, next_one TO STATUS_PROCESS; DROP TABLE old_one`);
      await crew.expectAnswered(standing);
      await crew.expectOneAnswered();
    });

    it('R1: TRUNCATE takes the alarms with it; the next ones are answered', async () => {
      const gone = await crew.add();
      await scene.fleet.hold(gone.name);
      await scene.database.raise(gone.id);
      await scene.fleet.begun(gone.name);
      await scene.database.query('TRUNCATE TABLE STATUS_PROCESS');
      await scene.fleet.release(gone.name);
      await daemon.waitForLine(new RegExp(` ${gone.name}: nothing to clear`));
      await crew.expectOneAnswered();
    });

    async function raiseMany(): Promise<CrewMember[]> {
      const raised: CrewMember[] = [];
      while (raised.length < RAISES) {
        // The table may be away for a moment.
        const member = await crew.raiseOne().catch(() => undefined);
        if (member) raised.push(member);
      }
      return raised;
    }
  },
);

describeOnServers('a table that is gone', rowServerKinds, ({ open }) => {
  it('R1, R6: is told in one line, and watched when it is there again', async () => {
    const { database, fleet, watchCalmly } = await open('alpha', 'beta');
    // Before the service watches: it would connect anew because of it, and that while the table goes.
    await database.query('CREATE TABLE kept LIKE STATUS_PROCESS');
    // Calmly: a reading between the DROP and its event would tell of the missing table before the stream does.
    const daemon = await watchCalmly();
    const from = daemon.lines().length;
    await database.query('DROP TABLE STATUS_PROCESS');
    // One more try of the stream, and polls meanwhile.
    await daemon.waitForLine(/DEBUG .*the binlog cannot be watched/, { from });
    const told = daemon.lines().slice(from);
    expect(told.filter((line) => line.includes('WARNING'))).toEqual([
      expect.stringMatching(/the binlog cannot be watched: table STATUS_PROCESS is missing/),
    ]);
    await database.query(
      'INSERT INTO kept (process_id, alarma) VALUES (1, 1); RENAME TABLE kept TO STATUS_PROCESS',
    );
    await daemon.cleared('alpha');
    await daemon.waitForLine(/watching the binlog of .* again/);
    await database.query('INSERT INTO STATUS_PROCESS (process_id, alarma) VALUES (2, 1)');
    await daemon.cleared('beta');
    expect([await fleet.restarts('alpha'), await fleet.restarts('beta')]).toEqual([1, 1]);
  });

  it('R6: one that is made anew a moment later is no fault of the configuration: it is watched again at once', async () => {
    const { database, watch } = await open('alpha');
    await database.query('CREATE TABLE kept LIKE STATUS_PROCESS');
    const daemon = await watch({ monitor: { check_interval: 60, fallback_interval: 60 } });
    await database.query('DROP TABLE STATUS_PROCESS');
    const told = await daemon.waitForLine(/the binlog cannot be watched: table STATUS_PROCESS is missing/);
    await database.query(
      'INSERT INTO kept (process_id, alarma) VALUES (1, 1); RENAME TABLE kept TO STATUS_PROCESS',
    );
    await daemon.waitForLine(/watching the binlog of .* again/, { from: told.index });
    await daemon.cleared('alpha');
  });
});
