import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import { rowServerKinds } from '../../support/service/server-kinds.js';

const COUNT = 200;
/** The question for the names of processes, as in the general log of the server. */
const QUESTION = /Execute.*AS isOurs/g;

describeOnServers('names of processes', rowServerKinds, ({ server, open }) => {
  it('R36: once they are known a storm asks for none', async () => {
    const names = Array.from({ length: COUNT }, (_, index) => `p${index + 1}`);
    const { database, watchCalmly } = await open(...names);
    const file = join(server.directory, 'general.log');
    await database.query(`SET GLOBAL general_log_file = '${file}'; SET GLOBAL general_log = ON`);
    const daemon = await watchCalmly({ 'process.default': { restart_delay: 0 } });
    const questions = async (): Promise<number> =>
      (await readFile(file, 'utf8')).match(QUESTION)?.length ?? 0;

    // A hidden change forgets all names; they are read again a moment later. A reading of the table brings names, too.
    const hidden = daemon.lines().length;
    await database.query(
      'SET SESSION binlog_format = STATEMENT; UPDATE PROCESE SET process_name = process_name WHERE process_id = 1',
    );
    await daemon.waitForLine(/the table has been read: /, { from: hidden });
    let asked = 0;
    for (let before = -1; asked !== before; ) {
      before = await questions();
      const from = daemon.lines().length;
      await database.raise('p1');
      await daemon.waitForLine(/ p1: alarm cleared/, { from });
      asked = await questions();
    }
    expect(asked).toBeGreaterThan(0);

    const from = daemon.lines().length;
    await database.query('UPDATE STATUS_PROCESS SET alarma = 1');
    for (const name of names) await daemon.waitForLine(new RegExp(` ${name}: alarm cleared`), { from });
    expect(await questions()).toBe(asked);
  });

  it('R14, R25: a hostile name is refused where it comes with the binlog too, in the transaction of its alarm', async () => {
    const { database, fleet, exists, path, watchCalmly } = await open('alpha', 'beta');
    const daemon = await watchCalmly();
    // The names are known now: nobody asks the table for the next one.
    await database.raise('beta');
    await daemon.cleared('beta');
    for (const name of [
      `$(touch ${path('harm')})`,
      `;touch ${path('harm')};`,
      '../../bin/sh',
      'reboot',
      '*',
      'monitor_service',
    ]) {
      const from = daemon.lines().length;
      await database.query(
        `BEGIN; UPDATE PROCESE SET process_name = ? WHERE process_id = 1;
        UPDATE STATUS_PROCESS SET alarma = 0 WHERE process_id = 1; UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id = 1; COMMIT`,
        [name],
      );
      await daemon.waitForLine(/ refused, nothing is restarted/, { from });
    }
    expect((await fleet.journal()).filter(({ name }) => name !== 'beta')).toEqual([]);
    expect(await exists('harm')).toBe(false);
  });
});
