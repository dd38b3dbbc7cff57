import { ensureTemplate } from './database/data-directory.js';
import { ensureBuild } from './ensure-build.js';
import { ensureMariadb } from './ensure-server-program.js';
import { findServerPrograms, type ServerProgram, wantedFlavours } from './server-programs.js';

/** Before any test: `dist` is built, there is a MariaDB, the templates are made, and one line says which servers the tests use. */
export async function setup(): Promise<void> {
  ensureBuild();
  const wanted = wantedFlavours();
  if (wanted.includes('mariadb')) ensureMariadb();
  const { mariadb, mysql } = findServerPrograms();
  for (const program of [mariadb, mysql]) if (program !== undefined) await ensureTemplate(program);
  const first = mariadb ? `MariaDB ${describe(mariadb)}` : 'no MariaDB';
  const hint = wanted.includes('mysql') ? ', which test/support/fetch-mysql.sh can fetch' : '';
  const second = mysql ? `MySQL ${describe(mysql)}` : `no MySQL${hint}`;
  process.stdout.write(`integration tests use ${first} and ${second}\n`);
}

function describe({ version, path }: ServerProgram): string {
  return `${version} (${path})`;
}
