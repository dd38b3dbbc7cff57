// Small transactions on a table that is not ours, as many a second as asked for.
//
// OPTIONS in the environment is JSON: the connection as mysql2 takes it; perSecond; connections. Says `ready` when it has
// begun and `rate N` each second; ends with its stdin.
import { setTimeout as delay } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';

const ROWS = 1000;
const { connection, perSecond, connections } = JSON.parse(process.env.OPTIONS);

process.stdin.on('end', () => process.exit(0)).resume();
const all = await Promise.all(Array.from({ length: connections }, () => createConnection(connection)));
const [first] = all;
await first.query('CREATE DATABASE IF NOT EXISTS other_tables');
await first.query(
  'CREATE TABLE IF NOT EXISTS other_tables.READINGS (id INT PRIMARY KEY, value DOUBLE, note VARCHAR(60))',
);
await first.query('INSERT IGNORE INTO other_tables.READINGS VALUES ?', [
  Array.from({ length: ROWS }, (_, id) => [id, 0, 'a reading of a machine that has nothing to do with us']),
]);

let committed = 0;
let startedAt = performance.now();
const writers = all.map((writer, index) => write(writer, index));
process.stdout.write('ready\n');
setInterval(() => {
  const seconds = (performance.now() - startedAt) / 1000;
  process.stdout.write(`rate ${Math.round(committed / seconds)}\n`);
  committed = 0;
  startedAt = performance.now();
}, 1000);
await Promise.all(writers);

// Each has its own share; one that is late makes up for it, but not for more than a tenth of a second.
async function write(writer, index) {
  const gapMs = (1000 * connections) / perSecond;
  let due = performance.now() + (gapMs * index) / connections;
  for (let count = 0; ; count += 1) {
    const now = performance.now();
    if (due > now + 1) await delay(due - now);
    due = Math.max(due + gapMs, now - 100);
    await writer.query('UPDATE other_tables.READINGS SET value = ? WHERE id = ?', [
      count + index / 10,
      (count * connections + index) % ROWS,
    ]);
    committed += 1;
  }
}
