import type { Config } from '../../../config/config.js';
import type { ProcessListing } from '../../../db/tables/list-processes.js';
import { sectionNameOf } from '../../../domain/cycle/admission.js';
import { type Finding, okFinding, warningFinding } from '../../../domain/finding.js';
import { nearestName } from '../../../domain/nearest-name.js';
import { createHealthCheck } from '../../../restart/health/health-check.js';
import type { HostSnapshot } from '../../../restart/preview/host-snapshot.js';
import { checkOneProcess, type ProcessContext } from './check-one-process.js';
import { describeOrder } from './describe-order.js';
import { snapshotFor } from './snapshot-for.js';

export interface ProcessesOptions {
  /** Whether to run health checks. */
  readonly health: boolean;
  /** Default: this host, as it is now. */
  readonly view?: HostSnapshot;
}

const MAX_AT_ONCE = 8;
/** The limit for one health check and for all of them together, in ms. */
const HEALTH_TIMEOUT_MS = 10_000;
const HEALTH_BUDGET_MS = 60_000;

/** Checks every process of the table, or of the configuration if the table cannot be read. */
export async function checkAllProcesses(
  config: Config,
  listing: ProcessListing | undefined,
  options: ProcessesOptions,
): Promise<Finding[]> {
  const { processes, monitor } = config;
  const { health, view = await snapshotFor(config) } = options;
  const deadline = performance.now() + HEALTH_BUDGET_MS;
  const context: ProcessContext = {
    rules: { ...processes, ...monitor },
    view,
    describeOrder: (settings) => describeOrder(settings, listing?.processes, config),
    ...(health ? { checkHealth: createHealthCheck(view) } : {}),
    timeForHealth: () => Math.max(0, Math.min(HEALTH_TIMEOUT_MS, deadline - performance.now())),
  };
  const listed = namesOf(listing);
  const used = new Set(listed.map((name) => sectionNameOf(name, processes)));
  const unlisted = [...processes.byName.keys()].filter((name) => !used.has(name));
  const findings = await inParallel([...listed, ...unlisted], MAX_AT_ONCE, (name) =>
    checkOneProcess(name, context),
  );
  const all = [...findings.flat(), ...judgeUnlisted(listing, listed, unlisted)];
  return all.length > 0 ? all : [okFinding('processes', 'there are none')];
}

function namesOf(listing: ProcessListing | undefined): string[] {
  const names = (listing?.processes ?? []).map(({ name }) => name).filter((name) => name !== null);
  return [...new Set(names)];
}

/** Reports sections without a process in the table. Says nothing if the table was not read. */
function judgeUnlisted(
  listing: ProcessListing | undefined,
  listed: readonly string[],
  unlisted: readonly string[],
): Finding[] {
  if (!listing || listing.isCut) return [];
  return unlisted.map((name) => {
    const near = nearestName(name, listed);
    const meant = near === undefined ? '' : `, did you mean [process.${near}]?`;
    return warningFinding(
      name,
      `[process.${name}] has no effect: PROCESE has no process of that name${meant}`,
      'add it to PROCESE, or remove the section',
    );
  });
}

/** Maps all items, at most `limit` at once. The results keep the order of the items. */
async function inParallel<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
