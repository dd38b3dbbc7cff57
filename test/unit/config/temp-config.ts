import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Config } from '../../../src/config/config.js';
import { loadConfig } from '../../../src/config/load-config.js';
import { ConfigError } from '../../../src/config/reading/config-error.js';

/** An empty folder that is gone after the test, which must be running. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'monitor-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a file with exactly this mode, whatever the umask; returns its path. */
export function writeTemp(
  content: string | Uint8Array,
  { mode = 0o600, folder = tempFolder(), name = 'config.ini' } = {},
): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  chmodSync(file, mode);
  return file;
}

export function load(text: string): Config {
  return loadConfig(writeTemp(text));
}

/** What a person sees when the service refuses this file, with the folder left out of the paths. */
export function refusal(file: string, env: NodeJS.ProcessEnv = {}): string {
  try {
    loadConfig(file, env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.replaceAll(file.replace(/[^/]*$/, ''), '');
  }
  return 'accepted';
}

export function refusalOf(text: string): string {
  return refusal(writeTemp(text));
}
