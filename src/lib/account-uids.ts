import { readFile } from 'node:fs/promises';

/** The numbers of those of these accounts that are in /etc/passwd. Rejects if it cannot be read. */
export async function readAccountUids(names: ReadonlySet<string>): Promise<ReadonlySet<number>> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  return new Set(lines.flatMap(([name = '', , uid]) => (names.has(name) ? [Number(uid)] : [])));
}
