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

describeOnServers('an alarm that stands', rowServerKinds, ({ openWith }) => {
  it.each(['STATUS_PROCESS', 'PROCESE'])(
    'R4: is answered by the host that its row in %s is given to, at once and by no other',
    async (table) => {
      const { database, fleet, watchCalmly } = await openWith({ processes: ['taken', 'theirs', 'calm'] });
      await database.query(`ALTER TABLE ${table} ADD COLUMN host_id VARCHAR(20);
        UPDATE ${table} SET host_id = 'there';
        UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id < 3`);
      const daemon = await watchCalmly({ monitor: { host_id: 'here' } });
      await database.query(`UPDATE ${table} SET host_id = 'here' WHERE process_id IN (1, 3)`);
      await daemon.cleared('taken');
      expect(await fleet.restarts('taken')).toBe(1);
      expect(await fleet.restarts('theirs')).toBe(0);
      expect(await fleet.restarts('calm')).toBe(0);
    },
  );
});

/** It has the wait for a replica built in. */
function mariadb() {
  return rowServerKinds().filter(({ options }) => options.flavour === 'mariadb');
}
