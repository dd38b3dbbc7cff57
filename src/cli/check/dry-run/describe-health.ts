import type { RestartTarget } from '../../../domain/cycle/restart-target.js';
import { quoteForShell } from '../../../lib/shell-word.js';
import { substituteName } from '../../../restart/commands/substitute-name.js';
import { createHealthCheck } from '../../../restart/health/health-check.js';
import type { HostSnapshot } from '../../../restart/preview/host-snapshot.js';
import type { RestartPreview } from '../../../restart/preview/preview-restart.js';

const MAX_LOOK_MS = 10_000;

/** Describes how the process would be verified (R21) and, if there is a snapshot of the host, the present result. */
export async function describeHealth(
  target: RestartTarget,
  preview: RestartPreview | undefined,
  view: HostSnapshot | undefined,
): Promise<string[]> {
  const { systemName, settings } = target;
  const { healthCheckTimeoutMs } = settings;
  const configured = describeConfigured(target);
  const lines = [
    ...(configured.length > 0 ? configured : [describeBuiltIn(preview, systemName)]),
    `at once, then every second until it is healthy, for at most ${healthCheckTimeoutMs / 1000} s`,
    describeStableFor(settings.stableForMs),
  ];
  if (!view) return lines;
  const timeoutMs = Math.min(healthCheckTimeoutMs, MAX_LOOK_MS);
  const verdict = await createHealthCheck(view)(target, undefined, { timeoutMs });
  return [
    ...lines,
    verdict.healthy ? `now healthy: ${verdict.detail}` : `now not healthy: ${verdict.reason}`,
  ];
}

function describeConfigured({ systemName, settings }: RestartTarget): string[] {
  const { healthCheckCommand, healthCheckUrl, healthCheckStatus, healthCheckPort } = settings;
  const lines: string[] = [];
  if (healthCheckPort)
    lines.push(`connects to ${healthCheckPort.host ?? 'this host'}, port ${healthCheckPort.port}`);
  if (healthCheckUrl) lines.push(`GET ${healthCheckUrl}: status ${healthCheckStatus ?? '200 to 399'}`);
  if (healthCheckCommand)
    lines.push(`/bin/sh -c ${quoteForShell(substituteName(healthCheckCommand, systemName))}`);
  return lines;
}

/** Whether a unit reports by itself when it is ready is known only after its restart (R30). */
function describeStableFor(stableForMs: number | undefined): string {
  if (stableForMs === 0) return 'a success as soon as it is healthy (stable_for = 0)';
  if (stableForMs === undefined) {
    return 'a success if it still runs after 0.5 s; at once for a unit that itself reports when it is ready or done';
  }
  const again = stableForMs > 1000 ? ', and is healthy then' : '';
  return `a success if it still runs after ${stableForMs / 1000} s${again}`;
}

function describeBuiltIn(preview: RestartPreview | undefined, systemName: string): string {
  const units = preview?.kind === 'units' ? preview.units.map(({ id }) => id) : [];
  if (units.length > 0) return `built in: ${units[0]} must be active`;
  return `built in: a process ${systemName} must run, or its unit be active`;
}
