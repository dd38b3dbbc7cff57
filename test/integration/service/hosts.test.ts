import { expect, it } from 'vitest';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import { rowServerKinds } from '../../support/service/server-kinds.js';

describeOnServers('a row that is handed over', mariadb, ({ openWith }) => {
  it('R3: with its alarm in one transaction is answered by its new host, however late a SELECT shows it', async () => {
    const { database, fleet, watchCalmly } = await openWith({ processes: ['moved'] });
    await database.query("ALTER TABLE PROCESE ADD COLUMN host_id VARCHAR(20) DEFAULT 'there'");
    const daemon = await watchCalmly({ monitor: { host_id: 'here' } });
    // The commit waits 50 ms for a replica that never answers, between its place in the binlog and its being visible.
    await database.query(`SET GLOBAL rpl_semi_sync_master_wait_point = AFTER_SYNC;
      SET GLOBAL rpl_semi_sync_master_timeout = 50; SET GLOBAL rpl_semi_sync_master_enabled = ON;
      START TRANSACTION; UPDATE PROCESE SET host_id = 'here'; UPDATE STATUS_PROCESS SET alarma = 1; COMMIT;
      SET GLOBAL rpl_semi_sync_master_enabled = OFF`);
    await daemon.cleared('moved');
    expect(await fleet.restarts('moved')).toBe(1);
  });
});

/** It has the wait for a replica built in. */
function mariadb() {
  return rowServerKinds().filter(({ options }) => options.flavour === 'mariadb');
}
