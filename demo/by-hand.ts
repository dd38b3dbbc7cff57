import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execaSync } from 'execa';
import type { PrivateServer } from '../test/support/private-server.js';
import type { Daemon } from './daemon.js';
import type { Screen } from './screen.js';
import { DAEMON_ID } from './stage.js';
import type { WebPage } from './web-page.js';

const DATABASE = 'v_process_monitor';

/** Tells where its page is, and how to raise alarms from another terminal, in lines to paste. */
export function showCommandLines(
  screen: Screen,
  folder: string,
  server: PrivateServer,
  daemon: Daemon,
  page: WebPage,
): void {
  const sql = prepareClient(folder, server);
  screen.heading('All of it goes on running, until Ctrl-C');
  screen.say('Its page, in a browser of this machine:');
  showWebPage(screen, page);
  screen.say('\nIn another terminal: kill the daemon, raise the alarm, and watch the log here.\n');
  screen.line(`  pkill -9 -f ${daemon.path}`);
  screen.line(`  ${sql} "UPDATE STATUS_PROCESS SET alarma = 1 WHERE process_id = ${DAEMON_ID}"`);
  screen.line(`  ${sql} "SELECT * FROM STATUS_PROCESS JOIN PROCESE USING (process_id)"`);
  screen.say(`\nConfiguration: ${join(folder, 'config.ini')}`);
  screen.say(`Log:           ${join(folder, 'log', 'current.log')}\n`);
}

export function showWebPage(screen: Screen, { url, user, password }: WebPage): void {
  screen.line(`  ${url}   to act there, log in as ${user} with the password ${password}`);
}

/** The beginning of a command line that runs SQL: the client that is installed and knows this server, else a script. */
function prepareClient(folder: string, server: PrivateServer): string {
  const options = join(folder, 'client.cnf');
  const { rootPassword: password, socket } = server;
  const settings = `user = root\npassword = ${password}\nsocket = ${socket}\n`;
  writeFileSync(options, `[client]\n${settings}\n[mysql]\ndatabase = ${DATABASE}\n`, { mode: 0o600 });
  const names = server.flavour === 'mysql' ? ['mysql', 'mariadb'] : ['mariadb', 'mysql'];
  for (const name of names) {
    const commandLine = [name, `--defaults-file=${options}`, '-e'] as const;
    if (works(commandLine)) return commandLine.join(' ');
  }
  return `node ${writeScript(folder, { user: 'root', password, socketPath: socket, database: DATABASE })}`;
}

function works([program, ...args]: readonly [string, ...string[]]): boolean {
  return !execaSync(program, [...args, 'DO 1'], { stdio: 'ignore', timeout: 5000, reject: false }).failed;
}

function writeScript(folder: string, connection: Readonly<Record<string, string>>): string {
  const driver = pathToFileURL(createRequire(import.meta.url).resolve('mysql2/promise')).href;
  const path = join(folder, 'sql.mjs');
  const text = `import { createConnection } from ${JSON.stringify(driver)};
const connection = await createConnection(${JSON.stringify(connection)});
const [result] = await connection.query(process.argv[2]);
if (Array.isArray(result)) console.table(result);
else console.log(result.info);
await connection.end();
`;
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}
