import type { RestartReport, RestartTarget } from '../../domain/cycle/restart-target.js';
import { restartAndExplain } from '../systemd/diagnosis/restart-and-explain.js';
import { unitNameOf } from '../systemd/unit-name.js';
import { assertUnitAllowed } from './assert-unit-allowed.js';
import { noSystemdError, type RestartContext } from './strategy.js';
import { unitWait } from './unit-wait.js';

/** Strategy `service` (R17): restarts the unit of that name. Throws RestartError. */
export async function restartService(target: RestartTarget, context: RestartContext): Promise<RestartReport> {
  const { systemd } = context;
  if (!systemd) throw noSystemdError();
  const unit = unitNameOf(target.systemName);
  await assertUnitAllowed(target, unit, systemd);
  return restartAndExplain(systemd, unit, unitWait(target, context));
}
