import type { ProcessSettings } from '../domain/cycle/process-settings.js';
import type { ProcessesConfig } from './config.js';

/**
 * What holds for a process by its name in the database. A `systemName` in the result means that the name is only a key
 * to its section and need not keep the alphabet of R14: the system name has been checked. Without one, the name itself
 * has to be.
 */
export function settingsFor(processes: ProcessesConfig, processName: string): ProcessSettings {
  return processes.byName.get(processName) ?? processes.defaults;
}

export function hasOwnSection(processes: ProcessesConfig, processName: string): boolean {
  return processes.byName.has(processName);
}
