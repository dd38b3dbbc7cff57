import { existsSync } from 'node:fs';
import type { Config } from '../../config/config.js';
import { loadConfig } from '../../config/load-config.js';

/** Where systemd keeps the credentials of the running service. Root can read them. */
const CREDENTIALS = '/run/credentials/monitor_service.service';

/**
 * Reads the configuration for a command that a person calls. A `password_file` in `$CREDENTIALS_DIRECTORY` is read
 * from where the running service has it. Throws ConfigError (R23).
 */
export function readConfig(
  file: string,
  env: NodeJS.ProcessEnv = process.env,
  options: { readonly isForAnother?: boolean } = {},
): Config {
  const isKnown = env.CREDENTIALS_DIRECTORY !== undefined || !existsSync(CREDENTIALS);
  return loadConfig(file, isKnown ? env : { ...env, CREDENTIALS_DIRECTORY: CREDENTIALS }, options);
}
