import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { readTextFile } from '../../config/reading/read-file.js';
import { MonitorError } from '../../domain/errors.js';
import { writeFileAtomically } from '../../lib/files/write-file-atomically.js';

class UsersFileError extends MonitorError {
  readonly retryable = false;
}

/**
 * Puts the line of a user into the file, which is made if it is missing, and has mode 0600 then. Resolves to whether
 * the user is new.
 *
 * @throws UsersFileError
 */
export async function replaceUser(file: string, name: string, line: string): Promise<boolean> {
  const path = resolve(file);
  const lines = existsSync(path) ? readLines(path) : [];
  const isOfUser = (each: string): boolean => each.trimStart().startsWith(`${name}:`);
  const isNew = !lines.some(isOfUser);
  const next = isNew ? [...lines, line] : lines.map((each) => (isOfUser(each) ? line : each));
  await writeFileAtomically(path, `${next.join('\n')}\n`, { mode: 0o600, isFolderOurs: false });
  return isNew;
}

function readLines(path: string): string[] {
  const reading = readTextFile(path);
  if ('problem' in reading) throw new UsersFileError(`${path} ${reading.problem}`);
  return reading.text.replace(/\r?\n$/, '').split(/\r?\n/);
}
