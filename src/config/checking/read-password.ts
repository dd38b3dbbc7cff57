import type { DatabasePassword } from '../keys/database.js';
import { type ConfigIssue, quoteValue } from '../reading/config-error.js';
import type { FileAccess } from '../reading/read-file.js';
import type { Entry } from './check-keys.js';
import { entryOf, type Section } from './check-sections.js';
import { type AbsentOr, readSecretFile } from './read-secret-file.js';

/** The configuration file on the disk. */
export interface ConfigFileInfo {
  /** Absolute path. */
  readonly file: string;
  readonly exposure: FileAccess;
  /** Octal, as in `chmod`. */
  readonly mode: string;
  /** It is meant for another host: files that it names need not be here. */
  readonly isForAnother: boolean;
}

/**
 * The password, from `password` or `password_file`; empty for none. A file that holds a password must not be readable
 * by others (R24). No fault shows any part of it.
 */
export function readPassword(
  database: Section | undefined,
  source: ConfigFileInfo,
  env: NodeJS.ProcessEnv,
): { secret: DatabasePassword; faults: ConfigIssue[] } {
  const inline = unlessEmpty(entryOf(database, 'password'));
  const inFile = unlessEmpty(entryOf(database, 'password_file'));
  const faults: ConfigIssue[] = [];
  const add = (entry: Entry, problem: string) =>
    faults.push({ line: entry.line, key: `${database?.label}.${entry.key}`, problem });

  const { readers } = source.exposure;
  if (inline && readers) {
    const remedy = `allowed: mode 0600 (chmod 600 ${source.file})`;
    add(inline, `${readers} may read this file and its password (mode ${source.mode}), ${remedy}`);
  }
  if (inline && inFile) {
    const [first, second] = inline.line < inFile.line ? [inline, inFile] : [inFile, inline];
    add(second, `is set together with ${first.key} (line ${first.line}), allowed: one of the two`);
  }
  let secret: DatabasePassword = { password: inline?.text ?? '' };
  if (inFile?.text !== undefined) {
    const reading = readPasswordFile(inFile.text, source.file, env);
    if ('problem' in reading) {
      if (!(reading.isAbsent && source.isForAnother)) add(inFile, reading.problem);
    } else if (!inline) secret = reading;
  }
  return { secret, faults };
}

/** An entry that is not empty. An entry that cannot be parsed may still hold a password. */
function unlessEmpty(entry: Entry | undefined): Entry | undefined {
  return entry?.text === '' ? undefined : entry;
}

function readPasswordFile(
  written: string,
  configFile: string,
  env: NodeJS.ProcessEnv,
): Required<DatabasePassword> | AbsentOr<{ problem: string }> {
  const reading = readSecretFile(written, configFile, env);
  if ('problem' in reading) return reading;
  const { text, path } = reading;
  const shown = quoteValue(path);
  const password = text.replace(/\r?\n$/, '');
  if (password === '') return { problem: `${shown} is empty, allowed: one line, the password` };
  if (/[\r\n\0]/.test(password)) {
    return { problem: `${shown} has more than one line, allowed: one line, the password` };
  }
  return { password, passwordFile: path };
}
