import { dirname, resolve } from 'node:path';
import { buildConfig } from './build-config.js';
import { checkAcrossKeys } from './checking/check-across-keys.js';
import { checkMaintenanceSections } from './checking/check-maintenance-sections.js';
import { checkProcessSections } from './checking/check-process-sections.js';
import { checkRestartOrder } from './checking/check-restart-order.js';
import { checkSections, entryOf, type Section } from './checking/check-sections.js';
import { checkWebSection } from './checking/check-web-section.js';
import { readPassword } from './checking/read-password.js';
import { readWebFiles } from './checking/read-web-files.js';
import type { Config } from './config.js';
import { ConfigError } from './reading/config-error.js';
import { FILE_MISSING, readTextFile } from './reading/read-file.js';
import { scanLines } from './reading/scan-lines.js';

/**
 * Reads and validates `config.ini`. Synchronous.
 * @param file path of the configuration file
 * @param env where `$CREDENTIALS_DIRECTORY` is looked up
 * @param isForAnother it is judged for another host: files with passwords, users or certificates that are not here are no faults
 * @throws ConfigError with every fault of the file (R23). If all faults make only their own section unusable, it does not
 * throw: they are in `issues` of the result.
 */
export function loadConfig(
  file: string,
  env: NodeJS.ProcessEnv = process.env,
  { isForAnother = false } = {},
): Config {
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
  const source = { file: path, ...reading, isForAnother };
  const { secret, faults: passwordFaults } = readPassword(database, source, env);
  const { web, faults: webFaults } = readWebFiles(sections, source, env);
  const faults = [
    ...checkAcrossKeys(sections, source),
    ...scan.faults,
    ...sectionFaults,
    ...passwordFaults,
    ...checkWebSection(sections),
    ...webFaults,
    ...checkProcessSections(sections),
    ...checkRestartOrder(sections),
    ...checkMaintenanceSections(sections),
  ];
  if (faults.some(({ costsSection }) => !costsSection)) {
    throw new ConfigError(path, faults, findControlSocket(sections, path));
  }
  return deepFreeze(buildConfig(path, sections, { secret, web }, faults));
}

function findControlSocket(sections: readonly Section[], file: string): string | undefined {
  const monitor = sections.find(({ kind }) => kind === 'monitor');
  const text = entryOf(monitor, 'control_socket')?.text;
  return text ? resolve(dirname(file), text) : undefined;
}

/** Freezes a tree of plain objects, arrays and maps, and returns it. A frozen map throws when it is changed. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (value instanceof Map) {
    for (const item of value.values()) deepFreeze(item);
    for (const method of ['set', 'delete', 'clear']) Object.defineProperty(value, method, { value: refuse });
  } else {
    for (const item of Object.values(value)) deepFreeze(item);
  }
  return Object.freeze(value);
}

function refuse(): never {
  throw new TypeError('the configuration is frozen');
}
