import { RestartError, type RestartReport, type RestartTarget } from '../../domain/cycle/restart-target.js';
import { describeError } from '../../domain/errors.js';
import { type FindProcesses, findProcesses, type ProcessInstance } from '../processes/find-processes.js';
import { readCgroups } from '../processes/procfs.js';
import { processesInSameCgroup } from '../processes/same-cgroup.js';
import { stopProcesses } from '../processes/stop-processes.js';
import { planStart } from '../start/plan-daemon-start.js';
import { startDaemon } from '../start/start-daemon.js';
import type { StartPlan } from '../start/start-plan.js';
import { unitOfCgroups } from '../systemd/cgroup-unit.js';
import type { UnitReader } from '../systemd/systemd-client.js';
import { assertUnitAllowed } from './assert-unit-allowed.js';
import { findOfTarget } from './find-of-target.js';
import { findRespawned, mayHaveSupervisor } from './find-respawned.js';
import type { RestartContext } from './strategy.js';

/** Strategy `process` (R18): stops the running instances and starts them again. Throws RestartError. */
export async function restartProcess(target: RestartTarget, context: RestartContext): Promise<RestartReport> {
  const find = findOfTarget(target, context.memory);
  return restartInstances(target, context, await findInstances(target.systemName, find));
}

/** Restarts the given instances. Everything that is known to fail is found out before the first signal. */
export async function restartInstances(
  target: RestartTarget,
  context: RestartContext,
  running: readonly ProcessInstance[],
): Promise<RestartReport> {
  const { systemName, settings } = target;
  const { signal, memory } = context;
  const { instances: before } = await findProcesses(systemName);
  await assertInstancesAllowed(target, running, context.systemd);
  const plans = await planStart(target, running, memory);
  const supervised = await mayHaveSupervisor(running);
  const stopping = (await Promise.all(running.map(processesInSameCgroup))).flat();
  if (signal.aborted) throw new RestartError('aborted before anything was stopped', true);

  context.onBegun();
  await stopProcesses(stopping, { timeoutMs: settings.stopTimeoutMs, signal });
  const stopped = running.length === 0 ? 'none was running' : `stopped ${listPids(running)}`;
  const successors = await findRespawned(systemName, before, supervised);
  if (successors.length > 0) return report(`${stopped}, its supervisor started ${listPids(successors)}`);
  return report(`${stopped}, started ${(await startAll(plans, target, context)).join(' and ')}`);
}

/**
 * Throws RestartError if an instance belongs to a unit that the target may not have restarted (R25). To stop a
 * process of such a unit may make the unit fail, with all that systemd does then.
 */
export async function assertInstancesAllowed(
  target: RestartTarget,
  running: readonly ProcessInstance[],
  systemd: UnitReader | undefined,
): Promise<void> {
  if (target.hasSection || !systemd) return;
  for (const { root } of running) {
    const unit = unitOfCgroups((await readCgroups(root.pid)) ?? '');
    if (unit?.endsWith('.service')) await assertUnitAllowed(target, unit, systemd);
  }
}

/** Finds the instances to restart. Throws RestartError if this service is the only process of this name. */
export async function findInstances(
  systemName: string,
  find: FindProcesses,
): Promise<readonly ProcessInstance[]> {
  const { instances, onTerminal, fitsOurselves } = await find(systemName);
  if (instances.length === 0 && fitsOurselves) {
    throw new RestartError(`${systemName} is this service itself or what started it`, false, {
      remedy: 'put it under exclude',
    });
  }
  if (instances.length === 0 && onTerminal.length > 0) {
    throw new RestartError(
      `${systemName} runs on a terminal only (${listPids(onTerminal)}): a program of somebody's session is not restarted`,
      false,
      { remedy: 'end it there, or set restart_command' },
    );
  }
  return instances;
}

/** Starts all of them: one that fails does not prevent the others. */
async function startAll(
  plans: readonly StartPlan[],
  { systemName, settings }: RestartTarget,
  { signal, systemd, whileIdle }: RestartContext,
): Promise<string[]> {
  const started: string[] = [];
  const errors: unknown[] = [];
  for (const plan of plans) {
    try {
      started.push(
        await startDaemon(plan, {
          systemName,
          timeoutMs: settings.restartTimeoutMs,
          signal,
          systemd,
          whileIdle,
        }),
      );
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length === 0) return started;
  const retryable = errors.some((error) => !(error instanceof RestartError) || error.retryable);
  throw new RestartError(errors.map(describeError).join('; '), retryable, { cause: errors[0] });
}

function report(detail: string): RestartReport {
  return { strategy: 'process', detail };
}

function listPids(instances: readonly ProcessInstance[]): string {
  return `pid ${instances.map(({ root }) => root.pid).join(', ')}`;
}
