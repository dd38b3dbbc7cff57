import { expect, it, onTestFailed, onTestFinished } from 'vitest';
import { Crew } from '../../support/faults/crew.js';
import { describeOnDaemon, describeOnServers } from '../../support/service/describe-on-servers.js';
import { rowServerKinds } from '../../support/service/server-kinds.js';

/** No poll comes within the time of these tests: what is answered came through the binlog. */
describeOnDaemon(
  'what an administrator does with the binlog',
  rowServerKinds,
  {},
  ({ scene, daemon, kind }) => {
    const isMariaDb = kind.options.flavour === 'mariadb';
    const crew = new Crew(scene, daemon);

    const query = (sql: string): Promise<unknown> => {
      onTestFailed(() => void process.stderr.write(`\n${daemon.lines().slice(-80).join('\n')}\n`));
      return scene.database.query(sql);
    };
    const setForThisTest = async (variable: string, value: string, before: string): Promise<void> => {
      onTestFinished(async () => void (await query(`SET GLOBAL ${variable} = ${before}`)));
      await query(`SET GLOBAL ${variable} = ${value}`);
    };

    it.each(['MINIMAL', 'NOBLOB'])(
      'R4: binlog_row_image = %s of a session: the alarm is seen',
      async (image) => {
        await crew.expectOneAnswered(`SET SESSION binlog_row_image = ${image}`);
        // An image without all columns makes the daemon distrust neither the stream nor the next full one.
        await crew.expectOneAnswered();
      },
    );

    it.each(['MINIMAL', 'NOBLOB'])(
      'R4: binlog_row_image = %s of the server, and of our own writes',
      async (image) => {
        await setForThisTest('binlog_row_image', image, 'FULL');
        await crew.expectOneAnswered();
      },
    );

    it('R4: binlog_format = STATEMENT of a session', async () => {
      await crew.expectOneAnswered('SET SESSION binlog_format = STATEMENT');
      await crew.expectOneAnswered();
    });

    it('R1: binlog_checksum switched off, and on again: each is told in its own words', async () => {
      for (const [value, told] of [
        ["'NONE'", /stream lost: binlog_checksum was switched off while the binlog was read/],
        [
          "'CRC32'",
          /stream lost: binlog_checksum was switched on while the binlog was read: .*; nothing to do/,
        ],
      ] as const) {
        const from = daemon.lines().length;
        await query(`SET GLOBAL binlog_checksum = ${value}`);
        await crew.expectOneAnswered();
        const seen = await daemon.waitForLine(told, { from });
        await daemon.waitForLine(/watching the binlog of .* again/, { from: seen.index });
        await crew.expectOneAnswered();
      }
    });

    it('R1: FLUSH BINARY LOGS and PURGE of all that is old: the stream goes on in the new file', async () => {
      const from = daemon.lines().length;
      await query('FLUSH BINARY LOGS');
      await crew.expectOneAnswered();
      await query("FLUSH BINARY LOGS; PURGE BINARY LOGS BEFORE '2099-01-01'");
      await crew.expectOneAnswered();
      expect(daemon.lines().slice(from).join('\n')).not.toMatch(/WARNING/);
    });

    it('R1: the deletion of the whole binlog: what is raised before and after it is answered', async () => {
      const before = await crew.raiseOne();
      await query(isMariaDb ? 'RESET MASTER' : 'RESET BINARY LOGS AND GTIDS');
      const after = await crew.raiseOne();
      await crew.expectAnswered(before);
      await crew.expectAnswered(after);
      await crew.expectOneAnswered();
    });

    if (isMariaDb) {
      it('R4: log_bin_compress = ON of the server', async () => {
        await setForThisTest('log_bin_compress_min_len', '10', '256');
        await setForThisTest('log_bin_compress', 'ON', 'OFF');
        await crew.expectOneAnswered();
        await crew.expectOneAnswered('SET SESSION binlog_format = STATEMENT');
      });

      it('R1: GTIDs of another domain', async () => {
        await crew.expectOneAnswered('SET SESSION gtid_domain_id = 7');
        await setForThisTest('gtid_strict_mode', 'ON', 'OFF');
        await crew.expectOneAnswered();
      });
    } else {
      it('R4: binlog_transaction_compression = ON of a session', async () => {
        await crew.expectOneAnswered('SET SESSION binlog_transaction_compression = ON');
        await crew.expectOneAnswered();
      });

      it('R4: binlog_transaction_compression = ON of the server', async () => {
        await setForThisTest('binlog_transaction_compression', 'ON', 'OFF');
        await crew.expectOneAnswered();
        await crew.expectOneAnswered();
      });

      it('R1: GTIDs switched off, step by step, and on again', async () => {
        for (const mode of [
          'ON_PERMISSIVE',
          'OFF_PERMISSIVE',
          'OFF',
          'OFF_PERMISSIVE',
          'ON_PERMISSIVE',
          'ON',
        ]) {
          await query(`SET GLOBAL gtid_mode = ${mode}`);
          await crew.expectOneAnswered();
        }
      });
    }
  },
);

describeOnServers('sql_log_bin = 0', rowServerKinds, ({ open }) => {
  it('R5: an alarm that is kept out of the binlog is found by the poll', async () => {
    const scene = await open();
    const daemon = await scene.watchCalmly({ monitor: { check_interval: 1 } });
    const crew = new Crew(scene, daemon);
    const hidden = await crew.raiseOne('SET SESSION sql_log_bin = 0');
    await daemon.waitForLine(new RegExp(` ${hidden.name}: alarm seen \\(poll\\)`));
    await crew.expectAnswered(hidden);
  });
});
