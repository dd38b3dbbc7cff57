import { resolve } from 'node:path';
import * as z from 'zod';
import { oneOf } from './enum-keys.js';
import { integer } from './number-keys.js';
import { omitAbsent } from './omit-absent.js';
import { optionalPath, secret, text } from './text-keys.js';

/** `[database]`, except how the password is found: `password` or `password_file`. */
export const DATABASE_KEYS = z.object({
  host: text({ default: 'localhost', why: 'Host of the MySQL or MariaDB server.' }),
  port: integer({ default: '3306', min: 1, max: 65_535, why: 'Its TCP port.' }),
  socket: optionalPath({ why: 'Unix socket of the server, instead of host and port.' }),
  user: text({
    required: true,
    why: 'Account of the service; sql/grants.sql creates it. The only key that you must set.',
  }),
  password: secret({ why: 'Password of that account. If it is here, this file must have mode 0600.' }),
  password_file: optionalPath({
    why: 'File that holds the password instead, as private as this one. The path may begin with $CREDENTIALS_DIRECTORY.',
  }),
  database: text({
    default: 'v_process_monitor',
    why: 'Database with the tables PROCESE and STATUS_PROCESS.',
  }),
  ssl_mode: oneOf(['disabled', 'preferred', 'required', 'verify_identity'], {
    default: 'preferred',
    why: 'Encryption of the connection: disabled, preferred, required, verify_identity. Only verify_identity proves who the server is.',
  }),
  ssl_ca: optionalPath({
    why: 'CA certificates (PEM) to verify the server, if the system does not trust its CA already.',
  }),
});

export type DatabaseConfig = ReturnType<typeof buildDatabase>;

/** The password, and the file that it was read from unless that is the configuration file. */
export interface DatabasePassword {
  /** Empty for none. Never logged (R24). */
  readonly password: string;
  readonly passwordFile?: string;
}

export function buildDatabase(
  keys: z.output<typeof DATABASE_KEYS>,
  folder: string,
  { password, passwordFile }: DatabasePassword,
) {
  return omitAbsent({
    host: keys.host,
    port: keys.port,
    socket: keys.socket === undefined ? undefined : resolve(folder, keys.socket),
    user: keys.user,
    /** Empty for none. Never logged (R24). */
    password,
    /** Absent if the password stands in the configuration file itself. */
    passwordFile,
    database: keys.database,
    sslMode: keys.ssl_mode,
    sslCa: keys.ssl_ca === undefined ? undefined : resolve(folder, keys.ssl_ca),
  });
}
