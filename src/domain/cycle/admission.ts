import { NOTE_TEXTS } from '../alarm/note-texts.js';
import { checkSystemName, isSameName, normalizeUnitName } from '../system-name.js';
import { namesTheHost } from './names-the-host.js';
import type { ProcessSettings } from './process-settings.js';
import type { RestartTarget } from './restart-target.js';

/** What happens to an alarm because of its name (R14). */
export type Admission =
  | { readonly kind: 'accepted'; readonly target: RestartTarget }
  | { readonly kind: 'excluded' }
  /** `remedy`: absent if the reason says itself what to do. */
  | { readonly kind: 'refused'; readonly reason: string; readonly remedy?: string };

export interface AdmissionRules {
  readonly defaults: ProcessSettings;
  readonly byName: ReadonlyMap<string, ProcessSettings>;
  readonly exclude: readonly string[];
  /** Whether a name without a section of its own is refused (R25). */
  readonly onlyListed: boolean;
  /** Why the processes of a section are refused, by the name of the section; `default`: those without one. */
  readonly unusable?: ReadonlyMap<string, string>;
}

/**
 * Decides by the name alone. A name whose own section has a `system_name` is only a key to that section and may have
 * any characters. Every other name must itself be a valid system name. A name without a section is not trusted
 * further (R25).
 */
export function admit(processName: string, rules: AdmissionRules): Admission {
  const { exclude } = rules;
  const sectionName = sectionNameOf(processName, rules);
  const section = sectionName === undefined ? undefined : rules.byName.get(sectionName);
  const settings = section ?? rules.defaults;
  const systemName = systemNameOf(processName, rules);
  if (isExcluded(processName, exclude) || isExcluded(systemName, exclude)) return { kind: 'excluded' };
  const fault = checkSystemName(systemName);
  if (fault) {
    const remedy = `rename it in PROCESE, or add [process.${processName}] with a system_name`;
    return { kind: 'refused', reason: NOTE_TEXTS.REFUSED.name(fault), remedy };
  }
  const hasSection = section !== undefined;
  if (!hasSection && namesTheHost(systemName)) {
    const remedy = `rename it in PROCESE, or add [process.${processName}] if it is meant`;
    return { kind: 'refused', reason: NOTE_TEXTS.REFUSED.nameOfHost(), remedy };
  }
  if (!hasSection && rules.onlyListed) {
    const reason = NOTE_TEXTS.REFUSED.unlisted(processName);
    return { kind: 'refused', reason, remedy: 'add the section if this process is to be restarted' };
  }
  const unusable = rules.unusable?.get(sectionName ?? 'default');
  if (unusable !== undefined) return { kind: 'refused', reason: unusable };
  return {
    kind: 'accepted',
    target: { processName, systemName, settings, hasSection, ...(exclude.length > 0 && { exclude }) },
  };
}

/** Whether the list `exclude` has this name, in this spelling or with or without `.service`. */
export function isExcluded(name: string, exclude: readonly string[]): boolean {
  return exclude.some((excluded) => isSameName(excluded, name));
}

/** The name of the unit or program: that of its section, else the name in the database. */
export function systemNameOf(processName: string, rules: Pick<AdmissionRules, 'byName'>): string {
  const sectionName = sectionNameOf(processName, rules);
  if (sectionName === undefined) return processName;
  return rules.byName.get(sectionName)?.systemName ?? sectionName;
}

/**
 * The section of a process: `[process.mysqld]` is also that of a row `mysqld.service`, and the other way round, unless both
 * sections exist.
 */
export function sectionNameOf(
  processName: string,
  { byName }: Pick<AdmissionRules, 'byName'>,
): string | undefined {
  if (byName.has(processName)) return processName;
  const bare = normalizeUnitName(processName);
  return [bare, `${bare}.service`].find((name) => byName.has(name));
}
