import { expect, it, onTestFailed } from 'vitest';
import { describeOnDaemon } from '../../support/service/describe-on-servers.js';
import { mostAtOnce } from '../../support/service/fleet.js';
import type { Scene } from '../../support/service/scene.js';
import { serverKinds } from '../../support/service/server-kinds.js';

const OTHER_TABLE = `CREATE TABLE readings (process_id INT, value INT);
  CREATE TRIGGER watch_readings AFTER INSERT ON readings FOR EACH ROW
    UPDATE STATUS_PROCESS SET alarma = 1, notes = 'too hot' WHERE process_id = NEW.process_id`;
const MANY = 50;

const ON_DUPLICATE =
  'INSERT INTO STATUS_PROCESS (process_id, alarma) VALUES (?, 1) ON DUPLICATE KEY UPDATE alarma = 1';

// No poll comes within the time of these tests.
const SETUP = {
  prepare: ({ database }: Scene) => database.query(OTHER_TABLE),
  config: { 'process.default': { restart_delay: 0 } },
};

describeOnDaemon('a change of the table', serverKinds, SETUP, ({ scene, daemon, kind }) => {
  /** One process, with a row in PROCESE, for each test; the last one is the sentinel. */
  let lastId = 0;

  it.each([
    ['INSERT', 'INSERT INTO STATUS_PROCESS (process_id, alarma, sound, notes) VALUES (?, 1, 1, NULL)'],
    ['REPLACE', "REPLACE INTO STATUS_PROCESS (process_id, alarma, notes) VALUES (?, 1, 'again')"],
    ['INSERT IGNORE', 'INSERT IGNORE INTO STATUS_PROCESS (process_id, alarma) VALUES (?, 1)'],
    ['ON DUPLICATE KEY UPDATE', ON_DUPLICATE],
  ])('R2: %s of a new row raises', async (_, statement) => {
    const process = await newProcess({ status: false });
    await scene.database.query(statement, [process.id]);
    await expectHandledOnce(process);
  });

  it.each([
    ['UPDATE', 'UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id = ?'],
    ['REPLACE', "REPLACE INTO STATUS_PROCESS (process_id, alarma, notes) VALUES (?, 1, 'again')"],
    ['ON DUPLICATE KEY UPDATE', ON_DUPLICATE],
    [
      'an UPDATE of many columns',
      "UPDATE STATUS_PROCESS SET alarma = 1, sound = 1, notes = 'no answer' WHERE process_id = ?",
    ],
    [
      'an UPDATE with a join',
      'UPDATE STATUS_PROCESS s JOIN PROCESE p USING (process_id) SET s.alarma = 1 WHERE p.process_id = ?',
    ],
    ['a trigger on another table', 'INSERT INTO readings VALUES (?, 99)'],
    [
      'DELETE and INSERT',
      'DELETE FROM STATUS_PROCESS WHERE process_id = @id; INSERT INTO STATUS_PROCESS (process_id, alarma) VALUES (@id, 1)',
    ],
  ])('R2: %s of a row without alarm raises', async (_, statement) => {
    const process = await newProcess();
    await scene.database.query(`SET @id = ${process.id}; ${statement}`, [process.id]);
    await expectHandledOnce(process);
  });

  it(`R7, R8: one UPDATE of ${MANY} rows restarts each process once`, async () => {
    const processes = [];
    for (let n = 0; n < MANY; n += 1) processes.push(await newProcess());
    const [first, last] = [processes[0]?.id, processes.at(-1)?.id];
    await scene.database.query('UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id BETWEEN ? AND ?', [
      first,
      last,
    ]);
    for (const process of processes) await expectHandledOnce(process);
    const names = processes.map(({ name }) => name);
    expect(mostAtOnce(await scene.fleet.journal(), names)).toBeLessThanOrEqual(4);
  });

  it('R3: nothing happens before the commit of a transaction, and all of it after', async () => {
    const [first, second, rolledBack] = [await newProcess(), await newProcess(), await newProcess()];
    await scene.database.session(async (connection) => {
      await connection.query('START TRANSACTION');
      await connection.query('UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id IN (?)', [
        [first.id, second.id],
      ]);
      await connection.query("UPDATE STATUS_PROCESS SET notes = 'late' WHERE process_id = ?", [second.id]);
      await expectSentinelFirst(first, second);
      await connection.query('COMMIT');
      await expectHandledOnce(first);
      await expectHandledOnce(second);

      await connection.query('START TRANSACTION');
      await connection.query('UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id = ?', [rolledBack.id]);
      await connection.query('ROLLBACK');
    });
    await expectSentinelFirst(rolledBack);
  });

  it('R7: alarma taken to 1, 0 and 1 in one transaction is one restart', async () => {
    const process = await newProcess();
    await scene.database.session(async (connection) => {
      await connection.query('START TRANSACTION');
      for (const alarma of [1, 0, 1]) {
        await connection.query('UPDATE STATUS_PROCESS SET alarma = ? WHERE process_id = ?', [
          alarma,
          process.id,
        ]);
      }
      await connection.query('COMMIT');
    });
    await expectHandledOnce(process);
  });

  it('R2: alarma taken to 1 and back to 0 in one transaction restarts nothing', async () => {
    const process = await newProcess();
    await scene.database.session(async (connection) => {
      await connection.query('START TRANSACTION');
      for (const alarma of [1, 0]) {
        await connection.query('UPDATE STATUS_PROCESS SET alarma = ? WHERE process_id = ?', [
          alarma,
          process.id,
        ]);
      }
      await connection.query('COMMIT');
    });
    await raiseSentinel();
    expect(await scene.fleet.restarts(process.name)).toBe(0);
    expect(await scene.database.row(process.id)).toMatchObject({ alarma: 0 });
  });

  it('R3: finds the name that comes in the same transaction as the alarm', async () => {
    lastId += 1;
    const process = { id: lastId, name: `p${lastId}` };
    await scene.database.session(async (connection) => {
      await connection.query('START TRANSACTION');
      await connection.query('INSERT INTO PROCESE VALUES (?, ?)', [process.id, process.name]);
      await connection.query('INSERT INTO STATUS_PROCESS (process_id, alarma) VALUES (?, 1)', [process.id]);
      await connection.query('COMMIT');
    });
    await expectHandledOnce(process);
  });

  it.each([
    'UPDATE STATUS_PROCESS SET sound = 1 WHERE process_id = ?',
    "UPDATE STATUS_PROCESS SET notes = 'a word' WHERE process_id = ?",
    'UPDATE STATUS_PROCESS SET alarma = 2 WHERE process_id = ?',
    'UPDATE STATUS_PROCESS SET alarma = 0 WHERE process_id = ?',
    'DELETE FROM STATUS_PROCESS WHERE process_id = ?',
  ])('R2: raises nothing where no alarm stands: %s', async (statement) => {
    const process = await newProcess();
    await scene.database.query(statement, [process.id]);
    await expectSentinelFirst(process);
  });

  it('R2: sound and notes of a row whose alarm stands raise nothing, while its cycle runs', async () => {
    const process = await newProcess();
    await scene.fleet.hold(process.name);
    await scene.database.raise(process.id);
    await scene.fleet.begun(process.name);
    await scene.database.query('UPDATE STATUS_PROCESS SET sound = 1 WHERE process_id = ?', [process.id]);
    await scene.database.query("UPDATE STATUS_PROCESS SET notes = 'a word' WHERE process_id = ?", [
      process.id,
    ]);
    await raiseSentinel();
    await scene.fleet.release(process.name);
    await expectHandledOnce(process);
    // Where the binlog shows no rows, one more health check must tell what the statement was.
    if (kind.showsRows) expect(linesOf(process.name).join('\n')).not.toMatch(/raised again/);
  });

  it('R2, R10: sound and notes of a row whose cycle failed raise nothing', async () => {
    const process = await newProcess();
    await scene.fleet.breakRestart(process.name);
    await scene.database.raise(process.id);
    await daemon.waitForLine(new RegExp(`${process.name}: note written`));
    const restarts = await scene.fleet.restarts(process.name);
    await scene.database.query('UPDATE STATUS_PROCESS SET sound = 1 WHERE process_id = ?', [process.id]);
    await scene.database.query("UPDATE STATUS_PROCESS SET notes = 'a word' WHERE process_id = ?", [
      process.id,
    ]);
    await raiseSentinel();
    expect(await scene.fleet.restarts(process.name)).toBe(restarts);
    expect(await scene.database.row(process.id)).toEqual({ alarma: 1, sound: 1, notes: 'a word' });
  });

  interface Process {
    readonly id: number;
    readonly name: string;
  }

  async function newProcess({ status = true } = {}): Promise<Process> {
    onTestFailed(() => void process.stderr.write(`${daemon.lines().join('\n')}\n`));
    lastId += 1;
    const name = `p${lastId}`;
    await scene.database.query('INSERT INTO PROCESE VALUES (?, ?)', [lastId, name]);
    if (status) await scene.database.query('INSERT INTO STATUS_PROCESS (process_id) VALUES (?)', [lastId]);
    return { id: lastId, name };
  }

  function linesOf(name: string): string[] {
    return daemon.lines().filter((line) => line.includes(` ${name}: `));
  }

  async function expectHandledOnce({ id, name }: Process): Promise<void> {
    await daemon.waitForLine(new RegExp(` ${name}: alarm seen \\(binlog\\)`));
    await daemon.waitForLine(new RegExp(` ${name}: alarm cleared`));
    expect(await scene.database.row(id)).toMatchObject({
      alarma: 0,
      notes: expect.stringMatching(/^OK .* (restarted by custom, attempt 1|healthy, no restart needed)$/),
    });
    expect(await scene.fleet.restarts(name)).toBe(1);
  }

  /** Whatever came before it in the binlog has reached the daemon when its alarm has been handled. */
  async function raiseSentinel(): Promise<void> {
    await expectHandledOnce(await raised(await newProcess()));
  }

  async function raised(process: Process): Promise<Process> {
    await scene.database.raise(process.id);
    return process;
  }

  async function expectSentinelFirst(...silent: readonly Process[]): Promise<void> {
    await raiseSentinel();
    for (const { name } of silent) expect(linesOf(name)).toEqual([]);
  }
});
