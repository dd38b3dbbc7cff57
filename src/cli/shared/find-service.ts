import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from '../../config/config.js';
import { CONFIG_KEYS } from '../../config/keys/config-keys.js';
import { ConfigError } from '../../config/reading/config-error.js';
import { ControlClientError } from '../../control/control-client.js';
import { readConfig } from './read-config.js';

/** Where the service listens, as far as its configuration can tell. */
export interface ServiceLocation {
  readonly socket: string;
  /** Undefined where the file has faults: a service that was started before may run on. */
  readonly config: Config | undefined;
}

/**
 * Finds the control socket. A file with faults is no obstacle where the socket is in its usual place: it is told on
 * stderr.
 *
 * @throws ControlClientError where this user may not read the file.
 */
export function findService(configFile: string): ServiceLocation {
  try {
    const config = readConfig(configFile);
    return { socket: config.monitor.controlSocket, config };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    if (!mayRead(configFile)) {
      throw new ControlClientError('forbidden', `this user may not read ${resolve(configFile)}`, {
        remedy: 'run the command with sudo',
        cause: error,
      });
    }
    process.stderr.write(`${error.message}\nlooking for the service at ${USUAL_SOCKET}\n`);
    return { socket: USUAL_SOCKET, config: undefined };
  }
}

const USUAL_SOCKET = CONFIG_KEYS.find(({ key }) => key === 'control_socket')?.default ?? '';

function mayRead(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch (error) {
    // One that is not there is a fault of another kind.
    return !(error instanceof Error && 'code' in error && error.code === 'EACCES');
  }
}
