import type { RowDataPacket } from 'mysql2/promise';
import type { Random } from '../random.js';
import type { Lab } from '../scene/lab.js';

/** Ends the prepared transactions whose raiser has lost its server, as an administrator would: they hold locks. */
export async function settleXa({ asRoot, commits, traffic }: Lab, random: Random): Promise<void> {
  await traffic.hold(() =>
    asRoot(async (root) => {
      const [rows] = await root.query<RowDataPacket[]>('XA RECOVER');
      for (const { data } of rows) {
        const id = String(data);
        if (commits.get(id)?.undone || random.chance(0.3)) {
          commits.noteUndone(id, 'XA ROLLBACK by the administrator');
          await root.query(`XA ROLLBACK '${id}'`);
        } else
          await commits.around(id, 'XA COMMIT by the administrator', () => root.query(`XA COMMIT '${id}'`));
      }
    }),
  );
}
