import type { ErrorExplanation, RawError } from './database-error.js';

const PLACE = 'check that the database server runs, and host, port and socket in [database]';
const NETWORK = 'check the network and the firewall between here and the database';
const TLS = 'check ssl_mode and ssl_ca in [database]';

/** Faults on the way to the server, by the names that node and mysql2 give them. */
const MEANINGS: Readonly<Record<string, ErrorExplanation>> = {
  ECONNREFUSED: { what: 'no database server listens there', retryable: true, remedy: PLACE },
  ENOENT: { what: 'there is no such socket', retryable: true, remedy: PLACE },
  EACCES: {
    what: 'this process may not use the socket',
    retryable: false,
    remedy: 'check the permissions of the socket and its folders',
  },
  ENOTFOUND: { what: 'the name of the database host is unknown', retryable: true, remedy: PLACE },
  EAI_AGAIN: { what: 'names cannot be resolved now', retryable: true, remedy: NETWORK },
  ETIMEDOUT: { what: 'the database did not answer in time', retryable: true, remedy: NETWORK },
  PROTOCOL_SEQUENCE_TIMEOUT: {
    what: 'the database did not answer in time',
    retryable: true,
    remedy: NETWORK,
  },
  EHOSTUNREACH: { what: 'the database host cannot be reached', retryable: true, remedy: NETWORK },
  ENETUNREACH: { what: 'the database host cannot be reached', retryable: true, remedy: NETWORK },
  ECONNRESET: { what: 'the connection to the database broke', retryable: true },
  EPIPE: { what: 'the connection to the database broke', retryable: true },
  PROTOCOL_CONNECTION_LOST: { what: 'the connection to the database broke', retryable: true },
  HANDSHAKE_NO_SSL_SUPPORT: {
    what: 'the database offers no TLS',
    retryable: false,
    remedy: 'set up TLS on the database server, or weaken ssl_mode in [database]',
  },
  AUTH_SWITCH_PLUGIN_ERROR: {
    what: 'the user is authenticated in a way that is not supported here',
    retryable: false,
    remedy:
      'give the user a plain password: caching_sha2_password on MySQL, mysql_native_password on MariaDB',
  },
};

const BROKE_DURING_TLS = /ECONNRESET|EPIPE|ETIMEDOUT|disconnected/;

/** The meaning of a fault on the way to the server; nothing for an unknown one. */
export function explainConnectionError({ code, message }: RawError): ErrorExplanation | undefined {
  if (code === 'HANDSHAKE_SSL_ERROR') {
    // mysql2 gives this name to whatever happens while TLS is set up, a broken connection included.
    return { what: 'TLS with the database failed', retryable: BROKE_DURING_TLS.test(message), remedy: TLS };
  }
  return MEANINGS[code];
}
