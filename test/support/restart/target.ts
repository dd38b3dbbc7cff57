import type { ProcessSettings } from '../../../src/domain/cycle/process-settings.js';
import type { RestartTarget } from '../../../src/domain/cycle/restart-target.js';
import { DEFAULT_CONFIG } from '../default-config.js';

export function targetOf(systemName: string, settings: Partial<ProcessSettings> = {}): RestartTarget {
  return {
    processName: systemName,
    systemName,
    hasSection: true,
    settings: {
      ...DEFAULT_CONFIG.processes.defaults,
      restartStrategy: 'process',
      restartDelayMs: 0,
      maxAttempts: 1,
      restartTimeoutMs: 20_000,
      ...settings,
    },
  };
}
