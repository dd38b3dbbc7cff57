import type { RestartTarget } from '../../domain/cycle/restart-target.js';
import type { ProcessInstance } from '../processes/find-processes.js';
import type { ProcessStat } from '../processes/process-info.js';
import { processesInSameCgroup } from '../processes/processes-in-same-cgroup.js';
import { readProcLink, readStatus } from '../processes/procfs.js';
import { readShownArguments } from '../processes/read-start.js';
import { planStart } from '../start/plan-start.js';
import { StartMemory } from '../start/start-memory.js';
import type { StartPlan } from '../start/start-plan.js';
import { findOfTarget } from '../strategies/find-of-target.js';
import { assertInstancesAllowed, findInstances } from '../strategies/restart-process.js';
import { findSupervisors, hasAny } from '../strategies/supervisors.js';
import type { HostSnapshot } from './host-snapshot.js';

/** What strategy `process` would stop and start now (R18). */
export interface ProcessPreview {
  readonly running: readonly RunningProcess[];
  readonly starts: readonly StartPlan[];
  /** Whether somebody else may start it again when it ends. Then the service does not. */
  readonly mayHaveSupervisor: boolean;
}

/** An instance that would be stopped, with the processes that are stopped together with it. */
export interface RunningProcess {
  readonly pid: number;
  /** Empty if it cannot be read. */
  readonly argv: readonly string[];
  readonly cwd: string | undefined;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  /** Its descendants. */
  readonly below: readonly number[];
}

/**
 * Previews strategy `process`; only looks. `running`: the instances to restart, if not all of that name.
 *
 * @throws RestartError if it is already known that the process could not be started again.
 */
export async function previewProcesses(
  target: RestartTarget,
  running: readonly ProcessInstance[] | undefined,
  view: HostSnapshot,
): Promise<ProcessPreview> {
  const instances =
    running ?? (await findInstances(target.systemName, findOfTarget(target, view.memory, view.find)));
  await assertInstancesAllowed(target, instances, view.systemd);
  return {
    running: await Promise.all(instances.map(describeInstance)),
    starts: await planStart(target, instances, new StartMemory(view.memory.snapshot(), view.memory.begun)),
    mayHaveSupervisor: hasAny(await findSupervisors(instances)),
  };
}

async function describeInstance(instance: ProcessInstance): Promise<RunningProcess> {
  const { pid } = instance.root;
  const [argv, stopping] = await Promise.all([readShownArguments(pid), processesInSameCgroup(instance)]);
  const status = readStatus(pid);
  return {
    pid,
    argv: argv.map((argument) => argument ?? '?'),
    cwd: readProcLink(pid, 'cwd'),
    uid: status?.credentials.uid,
    gid: status?.credentials.gid,
    below: stopping.filter((stat: ProcessStat) => stat.pid !== pid).map((stat) => stat.pid),
  };
}
