import { resolve } from 'node:path';
import type { Config } from '../../config/config.js';
import { CONFIG_KEYS } from '../../config/keys/config-keys.js';
import { ConfigError } from '../../config/reading/config-error.js';
import { ControlClientError } from '../../control/control-client.js';
import { mayRead, SUDO } from './may-read.js';
import { writeOut } from './output.js';
import { readConfig } from './read-config.js';

/** Where the service listens, as far as the configuration says. */
export interface ServiceLocation {
  readonly socket: string;
  /** Undefined if the file is invalid. A service that was started before may still run. */
  readonly config: Config | undefined;
}

/**
 * Finds the control socket. If the file is invalid, says so on stderr and uses the default path of the socket.
 *
 * @throws ControlClientError if this user may not read the file.
 */
export async function findService(configFile: string, { tellsFaults = true } = {}): Promise<ServiceLocation> {
  try {
    const config = readConfig(configFile);
    return { socket: config.monitor.controlSocket, config };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    if (!mayRead(configFile)) {
      throw new ControlClientError('forbidden', `this user may not read ${resolve(configFile)}`, {
        remedy: SUDO,
        cause: error,
      });
    }
    const socket = error.controlSocket ?? USUAL_SOCKET;
    if (tellsFaults)
      await writeOut(`${error.message}\nlooking for the service at ${socket}\n`, process.stderr);
    return { socket, config: undefined };
  }
}

const USUAL_SOCKET = CONFIG_KEYS.find(({ key }) => key === 'control_socket')?.default ?? '';
