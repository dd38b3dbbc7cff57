import { RestartError } from '../../domain/cycle/restart-target.js';
import { forbiddenUnitType } from '../../domain/system-name.js';

const RESTARTABLE = /\.(service|socket|timer|path)$/;

/** The full name of the unit for a system name: `nginx` becomes `nginx.service`. Throws RestartError (R14). */
export function unitNameOf(systemName: string): string {
  if (forbiddenUnitType(systemName) !== undefined) {
    throw new RestartError(`${systemName} is never restarted: it stands for more than one process`, false, {
      remedy: 'name the service itself',
    });
  }
  return RESTARTABLE.test(systemName) ? systemName : `${systemName}.service`;
}
