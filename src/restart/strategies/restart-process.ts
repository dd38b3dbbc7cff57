import { RestartError, type RestartReport, type RestartTarget } from '../../domain/cycle/restart-target.js';
import type { FindProcesses, ProcessInstance } from '../processes/find-processes.js';
import type { ProcessStat } from '../processes/process-info.js';
import { processesInSameCgroup } from '../processes/processes-in-same-cgroup.js';
import { readCgroups } from '../processes/procfs.js';
import { stopProcesses } from '../processes/stop-processes.js';
import { captureProcess } from '../start/capture-process.js';
import { findLeftovers } from '../start/find-leftovers.js';
import { planStart } from '../start/plan-start.js';
import { startDaemon } from '../start/start-daemon.js';
import type { StartPlan } from '../start/start-plan.js';
import { stillOwed } from '../start/still-owed.js';
import type { UnitReader } from '../systemd/systemd-client.js';
import { unitOfCgroups } from '../systemd/unit-of-cgroups.js';
import { assertFewInstances } from './assert-few-instances.js';
import { assertListed, assertMainAllowed } from './assert-unit-allowed.js';
import { findOfTarget } from './find-of-target.js';
import { findRespawned, newInstances } from './find-respawned.js';
import { joinErrors, settleAll } from './settle-all.js';
import type { RestartContext, WhileIdle } from './strategy.js';
import { findSupervisors, hasAny } from './supervisors.js';

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
  const { signal, memory, systemd, watch, whileIdle } = context;
  const find = findOfTarget(target, memory);
  const { instances: before } = await find(systemName);
  await assertInstancesAllowed(target, running, systemd);
  const plans = await planStart(target, running, memory);
  const supervisors = await findSupervisors(running);
  const left = systemd ? await findLeftovers(systemName, systemd) : [];
  const stopping = distinct([...(await Promise.all(running.map(processesInSameCgroup))).flat(), ...left]);
  // From here on each of them is owed a start, by a later attempt or the next run of the service (R11).
  if (settings.startCommand === undefined) await memory.begin(systemName);
  if (signal.aborted) throw new RestartError('aborted before anything was stopped', true);

  context.onBegun();
  const { stopTimeoutMs } = settings;
  await stopProcesses(stopping, { timeoutMs: stopTimeoutMs, signal });
  const stoppedAt = performance.now();
  const stopped = describeStop(running, left);
  const waitMs = watch.waitMs(systemName);
  const respawn = { systemName, find, before, supervisors, systemd, signal, count: plans.length };
  // An abort ends only the wait: what was stopped is started again.
  if (hasAny(supervisors))
    await whileIdle(findRespawned({ ...respawn, waitMs })).catch(unlessAborted(signal));
  // The wait for the slot may have been long.
  const successors = await findRespawned({ ...respawn, waitMs: 0 });
  const bySupervisor = successors.length > 0 ? [`its supervisor started ${listPids(successors)}`] : [];
  const missing = await plansWithout(plans, successors);
  if (missing.length === 0) return report([stopped, ...bySupervisor].join(', '));
  // What is new from here on was brought up by this start.
  const old = [...before, ...successors];
  const findStarted = async () => newInstances(old, (await find(systemName)).instances);
  const started = await startAll(missing, target, context, findStarted);
  watch.begin({ systemName, find, before: old, supervisors, stopTimeoutMs, stoppedAt });
  return report([stopped, ...bySupervisor, `started ${started.join(' and ')}`].join(', '));
}

/** A supervisor may run only some of the instances: the plans of those that it has not started again. */
async function plansWithout(
  plans: readonly StartPlan[],
  successors: readonly ProcessInstance[],
): Promise<readonly StartPlan[]> {
  const missing = plans.length - successors.length;
  if (successors.length === 0 || missing <= 0) return missing > 0 ? plans : [];
  const programs = plans.filter((plan) => plan.kind === 'program');
  const { values } = await settleAll(successors.map(({ root }) => captureProcess(root)));
  return stillOwed(programs, values).slice(0, missing);
}

/**
 * Throws RestartError if there are surprisingly many instances, or if one is the main process of an excluded unit (R14).
 * Throws too if to stop one may count as a failure of its unit, and what systemd does then is not allowed for this target
 * (R25).
 */
export async function assertInstancesAllowed(
  target: RestartTarget,
  running: readonly ProcessInstance[],
  systemd: UnitReader | undefined,
): Promise<void> {
  assertFewInstances(target, running.length);
  if (!systemd || (target.hasSection && target.exclude === undefined)) return;
  for (const { root, below } of running) {
    const unit = unitOfCgroups((await readCgroups(root.pid)) ?? '');
    if (!unit?.endsWith('.service')) continue;
    // A supervisor may be excluded, and what it runs not.
    const pids = [root, ...below].map(({ pid }) => pid);
    await assertMainAllowed(target, unit, pids, systemd);
    await assertListed(target, unit, systemd);
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

/** All at once, with one deadline. One that cannot be started must not keep the others from being started. */
async function startAll(
  plans: readonly StartPlan[],
  { systemName, settings }: RestartTarget,
  { signal, systemd, whileIdle }: RestartContext,
  findStarted: () => Promise<readonly ProcessInstance[]>,
): Promise<string[]> {
  // Of several starts, one may still run while another one only waits: then the slot is kept.
  const idle: WhileIdle = plans.length === 1 ? whileIdle : (waiting) => waiting;
  const timeoutMs = settings.restartTimeoutMs;
  const options = { systemName, findStarted, timeoutMs, signal, systemd, whileIdle: idle };
  const { values, errors } = await settleAll(plans.map((plan) => startDaemon(plan, options)));
  if (errors.length > 0) throw joinErrors(errors);
  return values;
}

function unlessAborted(signal: AbortSignal): (error: unknown) => void {
  return (error) => {
    if (!signal.aborted) throw error;
  };
}

function distinct(stats: readonly ProcessStat[]): ProcessStat[] {
  return [...new Map(stats.map((stat) => [stat.pid, stat])).values()];
}

function describeStop(running: readonly ProcessInstance[], left: readonly ProcessStat[]): string {
  if (running.length > 0) return `stopped ${listPids(running)}`;
  if (left.length === 0) return 'none was running';
  return `ended pid ${left.map(({ pid }) => pid).join(', ')}, which an earlier start had left`;
}

function report(detail: string): RestartReport {
  return { strategy: 'process', detail };
}

function listPids(instances: readonly ProcessInstance[]): string {
  return `pid ${instances.map(({ root }) => root.pid).join(', ')}`;
}
