import { describe, expect, it, onTestFinished } from 'vitest';
import { Crew } from '../../support/faults/crew.js';
import { type PrivateServer, startPrivateServer } from '../../support/private-server.js';
import { openSceneOfTest } from '../../support/service/scene.js';
import { rowServerKinds } from '../../support/service/server-kinds.js';

interface Fault {
  readonly title: string;
  /** `ACCOUNT` is that of the service. */
  readonly sql: string;
  /** Run on the session that raises. */
  readonly before?: string;
  readonly cause: RegExp;
  readonly remedy: RegExp;
}

const ANY: readonly Fault[] = [
  {
    title: 'SELECT on some columns only',
    sql: `REVOKE SELECT ON STATUS_PROCESS FROM ACCOUNT;
      GRANT SELECT (process_id, alarma, notes) ON STATUS_PROCESS TO ACCOUNT`,
    cause: /may not SELECT every column of STATUS_PROCESS/,
    remedy: /GRANT SELECT ON `alarms_\d+`\.`STATUS_PROCESS` TO/,
  },
];
const MARIADB: readonly Fault[] = [
  {
    title: 'WITH SYSTEM VERSIONING',
    sql: 'ALTER TABLE STATUS_PROCESS ADD SYSTEM VERSIONING',
    cause: /STATUS_PROCESS is WITH SYSTEM VERSIONING/,
    remedy: /ALTER TABLE STATUS_PROCESS DROP SYSTEM VERSIONING/,
  },
  {
    title: 'SYSTEM VERSIONING whose columns are shown',
    sql: `ALTER TABLE STATUS_PROCESS ADD COLUMN since TIMESTAMP(6) GENERATED ALWAYS AS ROW START,
      ADD COLUMN until TIMESTAMP(6) GENERATED ALWAYS AS ROW END,
      ADD PERIOD FOR SYSTEM_TIME (since, until), ADD SYSTEM VERSIONING`,
    cause: /STATUS_PROCESS is WITH SYSTEM VERSIONING/,
    remedy: /DROP SYSTEM VERSIONING/,
  },
  {
    title: 'a UNIQUE that is too long for an index',
    sql: 'ALTER TABLE STATUS_PROCESS ADD label TEXT, ADD UNIQUE KEY label (label)',
    cause: /STATUS_PROCESS has a hidden hash column, for its UNIQUE key label/,
    remedy: /ALTER TABLE STATUS_PROCESS DROP INDEX `label`/,
  },
];
const MYSQL: readonly Fault[] = [
  {
    title: 'a VECTOR',
    sql: "ALTER TABLE STATUS_PROCESS ADD place VECTOR(3) DEFAULT (STRING_TO_VECTOR('[1,2,3]'))",
    cause: /STATUS_PROCESS has a column of type VECTOR, place/,
    remedy: /move place to another table/,
  },
  {
    title: 'binlog_row_value_options = PARTIAL_JSON',
    sql: 'ALTER TABLE STATUS_PROCESS ADD doc JSON',
    before: "SET SESSION binlog_row_value_options = 'PARTIAL_JSON'",
    cause: /binlog_row_value_options = PARTIAL_JSON/,
    remedy: /SET GLOBAL binlog_row_value_options = ''/,
  },
];

describe.each(rowServerKinds())('a row that cannot be decoded, $name', ({ options }) => {
  const faults = [...ANY, ...(options.flavour === 'mariadb' ? MARIADB : MYSQL)];
  const isOfSession = (fault: Fault) => fault.before !== undefined;

  it.each(faults)(
    'R4: $title: the stream stays up, the table is read, the cause is told once',
    async (fault) => {
      const { scene, told } = await stage(fault);
      const daemon = await scene.watchCalmly();
      const crew = new Crew(scene, daemon);
      await crew.expectOneAnswered(fault.before);
      await crew.expectOneAnswered(fault.before);
      await crew.expectOneAnswered();
      const warnings = daemon.lines().filter((line) => line.includes('WARNING'));
      expect(warnings).toEqual([expect.stringMatching(fault.cause)]);
      expect(warnings[0]).toMatch(fault.remedy);
      expect(daemon.lines().filter((line) => /stream (lost|restarted)|polling/.test(line))).toEqual([]);
      await told();
    },
  );

  async function stage(fault: Fault) {
    const server: PrivateServer = await startPrivateServer(options);
    onTestFinished(() => server.stop());
    const scene = await openSceneOfTest(server);
    await scene.database.query(fault.sql.replaceAll('ACCOUNT', scene.database.account));
    const told = async (): Promise<void> => {
      if (isOfSession(fault)) await scene.database.query(`${fault.before?.replace('SESSION', 'GLOBAL')}`);
      const { stdout } = await scene.run('check');
      expect(stdout).toMatch(fault.cause);
      expect(stdout.replace(/\s+/g, ' ')).toMatch(fault.remedy);
    };
    return { scene, told };
  }
});
