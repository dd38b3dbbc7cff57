import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Values by section, then key, as they stand in the file. */
export type ConfigSections = Readonly<Record<string, Readonly<Record<string, string | number>>>>;

/**
 * Writes a `config.ini` of mode 0600, whole or not at all. By default all files are kept in `directory`, everything
 * is logged, and no poll comes within the time of a test: what is handled came through the binlog.
 */
export async function writeConfigFile(
  file: string,
  directory: string,
  sections: ConfigSections,
): Promise<void> {
  const defaults: ConfigSections = {
    monitor: {
      check_interval: 300,
      fallback_interval: 0.2,
      // Many tests and the bench restart one process again and again.
      max_restarts: 0,
      state_file: join(directory, 'state.json'),
      control_socket: join(directory, 'control.sock'),
      history_file: join(directory, 'history.jsonl'),
    },
    // Only where a test is about it: half a second after each restart proves nothing of a command that has ended.
    'process.default': { stable_for: 0 },
    logging: { file: join(directory, 'log', 'monitor_service.log'), level: 'DEBUG' },
  };
  const merged = mergeSections(defaults, sections);
  const text = Object.entries(merged).map(([section, keys]) => {
    const lines = Object.entries(keys).map(([key, value]) => `${key} = ${quoteWhereNeeded(String(value))}`);
    return [`[${section}]`, ...lines, ''].join('\n');
  });
  await writeFile(`${file}.new`, text.join('\n'), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** An unquoted `;` or `#` begins a comment. */
function quoteWhereNeeded(value: string): string {
  if (!/[;#]/.test(value)) return value;
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** Key by key: the later one wins. */
export function mergeSections(...all: readonly ConfigSections[]): ConfigSections {
  const merged: Record<string, Record<string, string | number>> = {};
  for (const sections of all) {
    for (const [section, keys] of Object.entries(sections)) merged[section] = { ...merged[section], ...keys };
  }
  return merged;
}
