import { RestartError } from '../../domain/cycle/restart-target.js';

const RESTARTABLE = /\.(service|socket|timer|path)$/;
const NEVER = /\.(target|slice|mount|automount|swap|scope|device)$/;

/** The full name of the unit that a system name means: `nginx` is `nginx.service`. Throws RestartError (R14). */
export function unitNameOf(systemName: string): string {
  if (NEVER.test(systemName)) {
    throw new RestartError(`${systemName} is never restarted: it stands for more than one process`, false, {
      remedy: 'name the service itself',
    });
  }
  return RESTARTABLE.test(systemName) ? systemName : `${systemName}.service`;
}
