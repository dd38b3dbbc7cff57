import { ensureTemplate } from './database/data-directory.js';
import { ensureBuild } from './ensure-build.js';
import { ensureMariadb } from './ensure-server-program.js';
import { findServerPrograms, type ServerProgram } from './server-programs.js';

/** Before any test: `dist` is built, there is a MariaDB, the templates are made, and one line says which servers the tests use. */
export async function setup(): Promise<void> {
  ensureBuild();
  const mariadb = ensureMariadb();
  const { mysql } = findServerPrograms();
  await ensureTemplate(mariadb);
  if (mysql !== undefined) await ensureTemplate(mysql);
  const second = mysql ? `MySQL ${describe(mysql)}` : 'no MySQL, which test/support/fetch-mysql.sh can fetch';
  process.stdout.write(`integration tests use MariaDB ${describe(mariadb)} and ${second}\n`);
}

function describe({ version, path }: ServerProgram): string {
  return `${version} (${path})`;
}
