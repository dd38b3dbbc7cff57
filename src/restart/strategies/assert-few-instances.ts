import { RestartError, type RestartTarget } from '../../domain/cycle/restart-target.js';

/**
 * Throws RestartError where more instances run than one daemon has: somebody else's programs may have its name, and to stop
 * and start them all would keep others waiting.
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
