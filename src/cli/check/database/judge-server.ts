import type { DatabaseConfig } from '../../../config/config.js';
import { isServerTrusted } from '../../../db/connection/guard-password.js';
import { describeServer, findLocalSocket, isSocketMeant } from '../../../db/connection/local-socket.js';
import { quoteAccount } from '../../../db/connection/server-settings.js';
import { isLocalConnection } from '../../../db/connection/tls-options.js';
import type { ServerInspection } from '../../../db/preflight/inspect-server.js';
import { type Finding, okFinding, warningFinding } from '../../../domain/finding.js';

/** Judges the server that answered and how secure the connection is. Pure. */
export function judgeServer({ settings, tls }: ServerInspection, config: DatabaseConfig): Finding[] {
  const name = settings.flavour === 'mariadb' ? 'MariaDB' : 'MySQL';
  return [
    okFinding('server', `${name} ${settings.version} at ${describeServer(config)}, ${describeWay(config)}`),
    okFinding('account', `${quoteAccount(settings.account)} in ${config.database}`),
    judgeTls(tls, config),
  ];
}

/** How the connection is made: `localhost` can mean the socket or TCP. */
function describeWay(config: DatabaseConfig): string {
  if (config.socket !== undefined) return 'by its Unix socket';
  if (!isSocketMeant(config)) return 'by TCP';
  return findLocalSocket() === undefined
    ? 'by TCP: there is no Unix socket that only the server can have made'
    : 'by its Unix socket';
}

function judgeTls(tls: string | undefined, config: DatabaseConfig): Finding {
  const { sslMode, sslCa } = config;
  if (tls !== undefined) {
    const isChecked = sslMode === 'verify_identity' || (sslMode === 'required' && sslCa !== undefined);
    if (isChecked) return okFinding('TLS', tls);
    if (isLocalConnection(config)) return okFinding('TLS', `${tls}; the server's certificate is not checked`);
    const effect = isServerTrusted(config)
      ? 'another server could answer in its place'
      : 'a login that sends the password itself is refused';
    return warningFinding(
      'TLS',
      `${tls}; the server's certificate is not checked: ${effect}`,
      'set ssl_mode = verify_identity and ssl_ca in [database]',
    );
  }
  if (isLocalConnection(config)) return okFinding('TLS', 'none: the connection stays on this machine');
  return warningFinding(
    'TLS',
    'none: anybody on the network path can read and change the traffic',
    'set up TLS on the server, and ssl_mode = verify_identity with ssl_ca in [database]',
  );
}
