import { RestartError, type RestartTarget } from '../../domain/cycle/restart-target.js';

/**
 * Throws RestartError if more instances run than one daemon has. Programs of somebody else may have its name, and to
 * stop and start all of them would delay other restarts.
 */
export function assertFewInstances({ systemName, settings }: RestartTarget, count: number): void {
  const { maxInstances } = settings;
  if (count <= maxInstances) return;
  throw new RestartError(
    `${count} processes ${systemName} run, more than max_instances = ${maxInstances}`,
    false,
    {
      remedy: 'set process_user, so that those of others do not count, or raise max_instances',
    },
  );
}
