import { type Finding, fault, fine, warn } from '../../../domain/finding.js';
import { OLDEST_SYSTEMD, readSystemdVersion } from '../../../restart/systemd/systemd-version.js';

/** Who we are and where we run. */
export async function checkHost(): Promise<Finding[]> {
  return [judgeUser(process.getuid?.()), judgeNode(process.versions.node), await checkSystemd()];
}

function judgeUser(uid: number | undefined): Finding {
  if (uid === 0) return fine('user', 'root, as the service');
  return warn(
    'user',
    `uid ${uid}, but the service runs as root: what root may is not seen`,
    'run it again with sudo',
  );
}

/** Pure. */
export function judgeNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isEnough = major > 20 || (major === 20 && minor >= 19);
  if (isEnough) return fine('node', version);
  return fault(
    'node',
    `${version} is older than 20.19`,
    'install Node.js 20.19 or newer: dnf module install nodejs:20',
  );
}

async function checkSystemd(): Promise<Finding> {
  const version = await readSystemdVersion();
  if (version === undefined) {
    return warn(
      'systemd',
      'is not running here: no strategy service, and what is started is a child of the service',
      'nothing to do where this is meant; else set restart_strategy to process or custom',
    );
  }
  if (version >= OLDEST_SYSTEMD) return fine('systemd', String(version));
  return warn(
    'systemd',
    `${version} is older than ${OLDEST_SYSTEMD}, for which the service is written`,
    'try a restart',
  );
}
