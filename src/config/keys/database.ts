import { resolve } from 'node:path';
import * as z from 'zod';
import { type DatabaseHost, databaseHosts } from './database-hosts.js';
import { oneOf, yesNo } from './enum-keys.js';
import { optionalPort } from './number-keys.js';
import { omitAbsent } from './omit-absent.js';
import { optionalPath, secret, text } from './text-keys.js';

/** `[database]`, except how the password is found: `password` or `password_file`. */
export const DATABASE_KEYS = z.object({
  host: databaseHosts({
    default: 'localhost',
    why: 'Host of the MySQL or MariaDB server; several in order, such as db1, db2:3307: the first that may write is used.',
  }),
  port: optionalPort({
    default: '3306',
    why: "Its TCP port, for each host without one of its own. With host = localhost and no port the server's Unix socket is used, if there is one.",
  }),
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
    why: 'CA certificates (PEM) to verify the server. Without it those count that Node.js brings, and those that this host trusts.',
  }),
  trust_server: yesNo({
    default: 'no',
    why: 'Send the password itself, if the server asks for it, to a server on another host without a certificate that proves its identity.',
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
  const [{ host, port }, ...others] = keys.host.map((each) =>
    omitAbsent({ host: each.host, port: each.port ?? keys.port }),
  ) as [DatabaseHost, ...DatabaseHost[]];
  return omitAbsent({
    host,
    /** Absent if the file names none: `localhost` then means the Unix socket, as for every MySQL client. */
    port,
    /** The rest of the list, in its order; absent for a single host. */
    otherHosts: others.length > 0 ? others : undefined,
    socket: keys.socket === undefined ? undefined : resolve(folder, keys.socket),
    user: keys.user,
    /** Empty for none. Never logged (R24). */
    password,
    /** Absent if the password is in the configuration file itself. */
    passwordFile,
    database: keys.database,
    sslMode: keys.ssl_mode,
    /** Whether the password itself may be sent to a server whose identity is not proved by a certificate. */
    trustServer: keys.trust_server ? true : undefined,
    sslCa: keys.ssl_ca === undefined ? undefined : resolve(folder, keys.ssl_ca),
  });
}
