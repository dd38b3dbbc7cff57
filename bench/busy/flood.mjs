// Writes into tables that are not ours, as fast as the server takes it.
//
// OPTIONS in the environment is JSON: the connection as mysql2 takes it; kind; connections. Says `ready` when the tables
// are there, begins with the line `go` on its stdin, and says `transactions N` and `megabytes N`, in all so far, ten times
// a second and at its end. Ends after the line `stop`; of kind `huge` by itself, after one transaction.
import { createInterface } from 'node:readline';
import { createConnection } from 'mysql2/promise';

const { connection, kind, connections } = JSON.parse(process.env.OPTIONS);
const MB = 1024 * 1024;

const KINDS = {
  // One row of a sensor in each.
  small: { rows: 1, bytes: 60 },
  // Imports: a thousand rows of these in each.
  bulk: { rows: 1000, bytes: 60 },
  // Documents.
  wide: { rows: 4, bytes: 64 * 1024 },
  // One transaction of 100 MB.
  huge: { rows: 400, bytes: MB / 4, isOne: true },
};
const { rows, bytes, isOne = false } = KINDS[kind];

let transactions = 0;
let megabytes = 0;
let isStopping = false;
const tell = () => process.stdout.write(`transactions ${transactions}\nmegabytes ${megabytes}\n`);

const all = await Promise.all(
  Array.from({ length: isOne ? 1 : connections }, () => createConnection(connection)),
);
const [first] = all;
await first.query('CREATE DATABASE IF NOT EXISTS other_tables');
await first.query(
  `CREATE TABLE IF NOT EXISTS other_tables.${kind.toUpperCase()} (id BIGINT AUTO_INCREMENT PRIMARY KEY, value LONGBLOB)`,
);
const input = createInterface(process.stdin);
input.on('close', () => process.exit(0));
const told = input[Symbol.asyncIterator]();
process.stdout.write('ready\n');
await told.next();

const timer = setInterval(tell, 100);
void told.next().then(() => {
  isStopping = true;
});
await Promise.all(all.map(isOne ? writeOne : write));
clearInterval(timer);
tell();
process.stdout.write('done\n');

async function write(writer) {
  const values = [Array.from({ length: rows }, () => [Buffer.alloc(bytes, 'x')])];
  const sql = writer.format(`INSERT INTO other_tables.${kind.toUpperCase()} (value) VALUES ?`, values);
  while (!isStopping) {
    await writer.query(sql);
    transactions += 1;
    megabytes += (rows * bytes) / MB;
  }
}

async function writeOne(writer) {
  const value = Buffer.alloc(bytes, 'x');
  await writer.beginTransaction();
  for (let row = 0; row < rows; row += 1) {
    await writer.query(`INSERT INTO other_tables.${kind.toUpperCase()} (value) VALUES (?)`, [value]);
    megabytes += bytes / MB;
  }
  await writer.commit();
  transactions += 1;
}
