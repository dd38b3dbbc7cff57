import { type Finding, faultFinding, okFinding, warningFinding } from '../../../domain/finding.js';
import { OLDEST_SYSTEMD, readSystemdVersion } from '../../../restart/systemd/systemd-version.js';

/** Checks the user, Node.js and systemd. */
export async function checkHost(): Promise<Finding[]> {
  return [judgeUser(process.getuid?.()), judgeNode(process.versions.node), await checkSystemd()];
}

function judgeUser(uid: number | undefined): Finding {
  if (uid === 0) return okFinding('user', 'root, as the service');
  return warningFinding(
    'user',
    `this check runs as uid ${uid}, the service as root: it cannot see everything that root can`,
    'run it again with sudo',
  );
}

/** Judges the version of Node.js. Pure. */
export function judgeNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isEnough = major > 20 || (major === 20 && minor >= 19);
  if (isEnough) return okFinding('node', version);
  return faultFinding(
    'node',
    `${version} is older than 20.19`,
    'install Node.js 20.19 or newer: dnf module install nodejs:22',
  );
}

async function checkSystemd(): Promise<Finding> {
  const version = await readSystemdVersion();
  if (version === undefined) {
    return warningFinding(
      'systemd',
      'is not running here: strategy service is impossible, and started processes are children of the service',
      'set restart_strategy to process or custom',
    );
  }
  if (version >= OLDEST_SYSTEMD) return okFinding('systemd', String(version));
  return warningFinding(
    'systemd',
    `${version} is older than ${OLDEST_SYSTEMD}, the oldest supported version`,
    'run check --dry-run NAME, then monitor_service restart NAME with a process that may be down for a moment',
  );
}
