import { type FindProcesses, findProcesses, type ProcessInstance } from '../processes/find-processes.js';
import { findOwningUnit, findOwnUnit } from '../systemd/owning-units.js';
import type { UnitReader } from '../systemd/systemd-client.js';
import { unitNameOf } from '../systemd/unit-name.js';
import { outsideSessions } from './outside-sessions.js';

/** What strategy `auto` restarts (R19). Without owners, strategy `process` restarts everything. */
interface UnitChoice {
  readonly owners: readonly string[];
  /** The processes of this name in each owner that has another name. */
  readonly pidsIn: ReadonlyMap<string, ReadonlySet<number>>;
  /** Processes of this name that belong to no unit. */
  readonly unowned: readonly ProcessInstance[];
  /** Whether the owner is the unit of that name, with or without processes. */
  readonly hasNamesake: boolean;
}

interface UnitChoiceContext {
  readonly systemd: UnitReader;
  readonly find?: FindProcesses;
  /** The unit of this service, which is never an owner. Default: the unit that we run in. */
  readonly ownUnit?: Promise<string | undefined>;
}

/** Chooses the units; only looks. Throws RestartError if systemd cannot be reached. */
export async function chooseUnits(systemName: string, context: UnitChoiceContext): Promise<UnitChoice> {
  const namesake = unitNameOf(systemName);
  const { loadState } = await context.systemd.show(namesake, ['loadState']);
  if (loadState !== 'not-found')
    return { owners: [namesake], pidsIn: new Map(), unowned: [], hasNamesake: true };
  return { ...(await findOwners(systemName, context)), hasNamesake: false };
}

/**
 * The processes of this name outside any unit and any login session, which may stand in for a unit that fails (R19).
 * Throws RestartError if systemd cannot be reached.
 */
export async function findUnowned(
  systemName: string,
  { find = findProcesses, ...context }: UnitChoiceContext,
): Promise<readonly ProcessInstance[]> {
  return (await findOwners(systemName, { ...context, find: outsideSessions(find) })).unowned;
}

async function findOwners(
  systemName: string,
  { systemd, find = findProcesses, ownUnit = findOwnUnit() }: UnitChoiceContext,
): Promise<Omit<UnitChoice, 'hasNamesake'>> {
  const own = await ownUnit;
  const pidsIn = new Map<string, Set<number>>();
  const unowned: ProcessInstance[] = [];
  for (const instance of (await find(systemName)).instances) {
    const unit = await findOwningUnit(instance, systemd, own);
    if (unit === undefined) {
      unowned.push(instance);
      continue;
    }
    const pids = pidsIn.get(unit) ?? new Set();
    for (const { pid } of [instance.root, ...instance.below]) pids.add(pid);
    pidsIn.set(unit, pids);
  }
  return { owners: [...pidsIn.keys()], pidsIn, unowned };
}
