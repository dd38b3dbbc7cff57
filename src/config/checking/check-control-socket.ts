import { dirname, resolve } from 'node:path';
import type { ConfigIssue } from '../reading/config-error.js';
import { entryOf, type Section } from './check-sections.js';

/** The kernel's sun_path has 108 bytes, one of them for the end; what is longer would be cut off or refused. */
const LONGEST_PATH = 107;

/** Relative paths count from the folder of the file, so that its length is known only here. */
export function checkControlSocket(sections: readonly Section[], file: string): ConfigIssue[] {
  const section = sections.find(({ kind }) => kind === 'monitor');
  const entry = entryOf(section, 'control_socket');
  if (!section || !entry?.text) return [];
  const bytes = Buffer.byteLength(resolve(dirname(file), entry.text));
  if (bytes <= LONGEST_PATH) return [];
  const problem = `is the path of a Unix socket and has ${bytes} bytes, allowed: ${LONGEST_PATH} bytes`;
  return [{ line: entry.line, key: `${section.label}.control_socket`, problem }];
}
