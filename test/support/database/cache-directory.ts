import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the tests keep what is slow to make: outside the repository, and harmless to delete. */
export function cacheDirectory(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'monitor_service');
}
