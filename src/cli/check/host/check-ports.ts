import { readFile } from 'node:fs/promises';
import type { Config } from '../../../config/config.js';
import { type Finding, faultFinding } from '../../../domain/finding.js';
import { readSandbox, type Sandbox } from './service-sandbox.js';

/** As Linux has it, unless `net.ipv4.ip_unprivileged_port_start` is set. */
const FIRST_UNPRIVILEGED_PORT = 1024;

/** Checks whether the unit may listen on the ports of [web] and [metrics]. Tries none of them: the service may have them. */
export async function checkPorts(config: Pick<Config, 'web' | 'metrics'>): Promise<Finding[]> {
  if (!config.web.listen && !config.metrics.listen) return [];
  const [sandbox, firstFree] = await Promise.all([readSandbox(), readFirstUnprivilegedPort()]);
  return judgePorts(config, sandbox, firstFree);
}

/** Judges the ports. Without systemd the service runs as who starts it, and nothing is said. Pure. */
export function judgePorts(
  config: Pick<Config, 'web' | 'metrics'>,
  sandbox: Sandbox | undefined,
  firstFree: number,
): Finding[] {
  if (!sandbox || sandbox.bindsLowPorts) return [];
  return (['web', 'metrics'] as const).flatMap((section) => {
    const port = config[section].listen?.port;
    if (port === undefined || port >= firstFree) return [];
    return [
      faultFinding(
        section,
        `the unit may not listen on port ${port}: ports below ${firstFree} need CAP_NET_BIND_SERVICE, which it does not have`,
        `set a port from ${firstFree} in [${section}] listen, with a proxy before it; or systemctl edit monitor_service: [Service], CapabilityBoundingSet=CAP_NET_BIND_SERVICE, then systemctl restart monitor_service`,
      ),
    ];
  });
}

async function readFirstUnprivilegedPort(): Promise<number> {
  const text = await readFile('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8').catch(() => '');
  return /^\d+$/.test(text.trim()) ? Number(text) : FIRST_UNPRIVILEGED_PORT;
}
