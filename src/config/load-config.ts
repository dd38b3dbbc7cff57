import { dirname, resolve } from 'node:path';
import { buildConfig } from './build-config.js';
import { checkControlSocket } from './checking/check-control-socket.js';
import { checkProcesses } from './checking/check-process-sections.js';
import { checkSections, entryOf, type Section } from './checking/check-sections.js';
import { checkWebhook } from './checking/check-webhook.js';
import { type ConfigFileInfo, readPassword } from './checking/read-password.js';
import type { Config } from './config.js';
import { deepFreeze } from './deep-freeze.js';
import { ConfigError, type ConfigIssue, quoteValue } from './reading/config-error.js';
import { checkReadable, FILE_MISSING, readTextFile } from './reading/read-file.js';
import { scanLines } from './reading/scan-lines.js';

/**
 * Reads and validates `config.ini`. Synchronous.
 * @param file path of the configuration file
 * @param env where `$CREDENTIALS_DIRECTORY` is looked up
 * @throws ConfigError with every fault of the file (R23); an invalid file yields nothing else
 */
export function loadConfig(file: string, env: NodeJS.ProcessEnv = process.env): Config {
  const path = resolve(file);
  const reading = readTextFile(path);
  if ('problem' in reading) {
    const hint = reading.problem === FILE_MISSING ? ' (--config names another)' : '';
    const problem = `${reading.problem}${hint}`;
    throw new ConfigError(path, [{ line: reading.line, key: 'file', problem }]);
  }

  const scan = scanLines(reading.text);
  const { sections, faults: sectionFaults } = checkSections(scan.sections);
  const database = sections.find(({ kind }) => kind === 'database');
  const source = { file: path, ...reading };
  const { secret, faults: passwordFaults } = readPassword(database, source, env);
  const faults = [
    ...checkWriters(source),
    ...scan.faults,
    ...sectionFaults,
    ...checkUser(sections),
    ...passwordFaults,
    ...checkSslCa(database, path),
    ...checkControlSocket(sections, path),
    ...checkWebhook(sections, source),
    ...checkProcesses(sections),
  ];
  if (faults.length > 0) throw new ConfigError(path, faults);
  return deepFreeze(buildConfig(path, sections, secret));
}

/** Its commands run as root: who may write it is root. */
function checkWriters({ exposure, mode, file }: ConfigFileInfo): ConfigIssue[] {
  if (!exposure.othersMayWrite) return [];
  const problem = `every user may write it (mode ${mode}), allowed: mode 0600 (chmod 600 ${file})`;
  return [{ line: 1, key: 'file', problem }];
}

/** The only key without a default. */
function checkUser(sections: readonly Section[]): ConfigIssue[] {
  const databases = sections.filter(({ kind }) => kind === 'database');
  if (databases.some((section) => entryOf(section, 'user'))) return [];
  const problem = 'is missing, allowed: the database account of the service';
  return [{ line: databases[0]?.line ?? 1, key: 'database.user', problem }];
}

function checkSslCa(database: Section | undefined, file: string): ConfigIssue[] {
  const entry = entryOf(database, 'ssl_ca');
  if (!entry?.text) return [];
  const path = resolve(dirname(file), entry.text);
  const problem = checkReadable(path);
  if (problem === undefined) return [];
  return [{ line: entry.line, key: `${database?.label}.ssl_ca`, problem: `${quoteValue(path)} ${problem}` }];
}
