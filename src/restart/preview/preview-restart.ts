import type { RestartTarget } from '../../domain/cycle/restart-target.js';
import { describeError } from '../../domain/errors.js';
import { substituteName } from '../commands/substitute-name.js';
import { assertFewInstances } from '../strategies/assert-few-instances.js';
import { assertNotSelf } from '../strategies/assert-not-self.js';
import { assertUnitAllowed } from '../strategies/assert-unit-allowed.js';
import { chooseUnits, findUnowned } from '../strategies/choose-units.js';
import { findOfTarget } from '../strategies/find-of-target.js';
import { noRestartCommandError, noSystemdError } from '../strategies/strategy.js';
import { DESCRIBED_PROPERTIES, type DescribedUnit } from '../systemd/describe-unit-state.js';
import { othersInUnit } from '../systemd/diagnosis/others-in-unit.js';
import { requireRestartable } from '../systemd/restart-unit.js';
import { unitNameOf } from '../systemd/unit-name.js';
import { type HostSnapshot, SERVICE_UNIT } from './host-snapshot.js';
import { type ProcessPreview, previewProcesses } from './preview-processes.js';

/** What a restart of a target would do now, and why. */
export type RestartPreview =
  | { readonly kind: 'command'; readonly why: string; readonly command: string }
  | {
      readonly kind: 'units';
      readonly why: string;
      readonly units: readonly PreviewedUnit[];
      /** Processes of this name outside the units, which strategy `process` restarts. */
      readonly beside?: ProcessPreview;
    }
  | { readonly kind: 'processes'; readonly why: string; readonly processes: ProcessPreview };

export interface PreviewedUnit extends DescribedUnit {
  /** What else runs in it and would be restarted with it, where the unit has another name than the process. */
  readonly others: readonly string[];
}

/**
 * Makes the decisions of `createRestart` (R17–R20) and does nothing.
 *
 * @throws RestartError if the restart is certain to fail.
 */
export async function previewRestart(target: RestartTarget, view: HostSnapshot): Promise<RestartPreview> {
  const { systemName, settings } = target;
  await assertNotSelf(systemName, view.systemd, Promise.resolve(SERVICE_UNIT));
  if (settings.restartCommand !== undefined) {
    await assertUnitAllowed(target, unitNameOf(systemName), view.systemd);
    const command = substituteName(settings.restartCommand, systemName);
    return { kind: 'command', why: 'restart_command is set', command };
  }
  switch (settings.restartStrategy) {
    case 'custom':
      throw noRestartCommandError();
    case 'service':
      return previewService(target, view);
    case 'process':
      return byProcess(target, view, 'restart_strategy is process');
    case 'auto':
      return previewAuto(target, view);
  }
}

async function previewService(target: RestartTarget, view: HostSnapshot): Promise<RestartPreview> {
  if (!view.systemd) throw noSystemdError();
  const unit = unitNameOf(target.systemName);
  await assertUnitAllowed(target, unit, view.systemd);
  const state = await view.systemd.show(unit, DESCRIBED_PROPERTIES);
  requireRestartable(unit, state);
  return { kind: 'units', why: 'restart_strategy is service', units: [{ ...state, others: [] }] };
}

async function previewAuto(target: RestartTarget, view: HostSnapshot): Promise<RestartPreview> {
  const { systemd, find, memory } = view;
  if (!systemd) return byProcess(target, view, 'systemd is not running here');
  const context = {
    systemd,
    find: findOfTarget(target, memory, find),
    ownUnit: Promise.resolve(SERVICE_UNIT),
  };
  const { owners, pidsIn, unowned, hasNamesake } = await chooseUnits(target.systemName, context);
  if (owners.length === 0) {
    return byProcess(
      target,
      view,
      `there is no unit ${unitNameOf(target.systemName)}, and the process belongs to no other unit`,
    );
  }
  if (!hasNamesake) assertFewInstances(target, owners.length + unowned.length);
  const units: PreviewedUnit[] = [];
  try {
    for (const owner of owners) {
      await assertUnitAllowed(target, owner, systemd);
      const state = await systemd.show(owner, DESCRIBED_PROPERTIES);
      requireRestartable(owner, state);
      const pids = pidsIn.get(owner);
      units.push({ ...state, others: pids ? await othersInUnit(owner, pids, systemd) : [] });
    }
  } catch (error) {
    const running = await findUnowned(target.systemName, context);
    if (running.length === 0) throw error;
    return {
      kind: 'processes',
      why: describeError(error),
      processes: await previewProcesses(target, running, view),
    };
  }
  const why = hasNamesake ? 'there is such a unit' : 'the process belongs to this unit';
  if (unowned.length === 0) return { kind: 'units', why, units };
  return { kind: 'units', why, units, beside: await previewProcesses(target, unowned, view) };
}

async function byProcess(target: RestartTarget, view: HostSnapshot, why: string): Promise<RestartPreview> {
  return { kind: 'processes', why, processes: await previewProcesses(target, undefined, view) };
}
