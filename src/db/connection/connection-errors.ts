import type { ErrorExplanation, RawError } from './database-error.js';

const PLACE = 'check that the database server runs, and host, port and socket in [database]';
const NETWORK = 'check the network and the firewall between here and the database';
const TLS = 'check ssl_mode and ssl_ca in [database]';

/** Connection errors, by their codes in Node and mysql2. */
const MEANINGS: Readonly<Record<string, ErrorExplanation>> = {
  ECONNREFUSED: { what: 'no database server listens there', retryable: true, remedy: PLACE },
  ENOENT: { what: 'the socket does not exist', retryable: true, remedy: PLACE },
  EACCES: {
    what: 'this process has no access to the socket',
    retryable: false,
    remedy: 'check the permissions of the socket and its folders',
  },
  ENOTFOUND: { what: 'the name of the database host is unknown', retryable: true, remedy: PLACE },
  EAI_AGAIN: { what: 'name resolution fails at the moment', retryable: true, remedy: NETWORK },
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
    what: 'the authentication method of the user is not supported',
    retryable: false,
    remedy:
      'let the user log in by password: caching_sha2_password on MySQL, mysql_native_password on MariaDB',
  },
};

const BROKE_DURING_TLS = /ECONNRESET|EPIPE|ETIMEDOUT|disconnected/;

/** The meaning of a connection error; nothing for an unknown one. */
export function explainConnectionError({ code, message }: RawError): ErrorExplanation | undefined {
  if (code === 'HANDSHAKE_SSL_ERROR') {
    // mysql2 gives this code to every error while TLS is set up, also to a broken connection.
    return { what: 'TLS with the database failed', retryable: BROKE_DURING_TLS.test(message), remedy: TLS };
  }
  return MEANINGS[code];
}
