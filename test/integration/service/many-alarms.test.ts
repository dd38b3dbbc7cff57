import { expect, it } from 'vitest';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import { fillTable } from '../../support/service/fill-table.js';
import { rowServerKinds } from '../../support/service/server-kinds.js';

/** Many times what fits into memory. */
const MANY = 20_000;
const LAST = `p${MANY}`;
/** Only the first and the last can be restarted in the time of a test. */
const CONFIG = { monitor: { max_parallel_restarts: 2 } };

describeOnServers('more alarms than there is room for', rowServerKinds, ({ open }) => {
  it('R1, R8: raised by one UPDATE they are counted, and begun in the order of their process_id', async () => {
    const scene = await open('p1');
    await fillTable(scene.database, MANY);
    const daemon = await scene.watch(CONFIG);
    await scene.database.query('UPDATE STATUS_PROCESS SET alarma = 1');
    await daemon.cleared('p100');
    expect(daemon.lines().some((line) => line.includes(`${LAST}: `))).toBe(false);
    const report = await scene.status();
    expect(report.alarms.length).toBeLessThanOrEqual(1000);
    expect(report.counts?.cycles).toBeLessThanOrEqual(4500);
    expect(report.counts?.alarms).toBeGreaterThan(MANY / 2);
  });

  it('R1, R14: raised before the start, those that are refused, excluded or have no row do not hold up the last', async () => {
    const scene = await open('p1');
    await fillTable(scene.database, MANY);
    await scene.database.query(
      `SET SESSION foreign_key_checks = 0;
      UPDATE PROCESE SET process_name = CONCAT('a name ', process_id) WHERE process_id <= 8000;
      UPDATE PROCESE SET process_name = 'idle' WHERE process_id BETWEEN 8001 AND 16000;
      DELETE FROM PROCESE WHERE process_id BETWEEN 16001 AND ${MANY - 1};
      UPDATE STATUS_PROCESS SET alarma = 1`,
    );
    const daemon = await scene.watch({ monitor: { exclude: 'idle' } });
    await daemon.cleared(LAST);
  });
});
