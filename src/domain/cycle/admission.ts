import { checkSystemName } from '../system-name.js';
import type { ProcessSettings } from './process-settings.js';
import type { RestartTarget } from './restart-target.js';

/** What is to become of the alarm of a name from the database (R14). */
export type Admission =
  | { readonly kind: 'accepted'; readonly target: RestartTarget }
  | { readonly kind: 'excluded' }
  | { readonly kind: 'refused'; readonly reason: string };

export interface AdmissionRules {
  readonly defaults: ProcessSettings;
  readonly byName: ReadonlyMap<string, ProcessSettings>;
  readonly exclude: readonly string[];
}

/**
 * Decides by the name alone. A name whose own section has a `system_name` is only a key to that section, whatever its
 * characters; every other name must itself be fit to be a system name.
 */
export function admit(processName: string, rules: AdmissionRules): Admission {
  if (rules.exclude.includes(processName)) return { kind: 'excluded' };
  const settings = rules.byName.get(processName) ?? rules.defaults;
  const systemName = settings.systemName ?? processName;
  const fault = checkSystemName(systemName);
  if (fault) return { kind: 'refused', reason: `the name ${fault}` };
  return { kind: 'accepted', target: { processName, systemName, settings } };
}
