import type { ProcessSettings } from '../../../src/domain/cycle/process-settings.js';
import type { RestartTarget } from '../../../src/domain/cycle/restart-target.js';

export function targetOf(systemName: string, settings: Partial<ProcessSettings> = {}): RestartTarget {
  return {
    processName: systemName,
    systemName,
    settings: {
      restartStrategy: 'process',
      healthCheckTimeoutMs: 5000,
      restartDelayMs: 0,
      maxAttempts: 1,
      restartTimeoutMs: 20_000,
      stopTimeoutMs: 10_000,
      ...settings,
    },
  };
}
