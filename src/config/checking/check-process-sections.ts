import { checkSystemName } from '../../domain/system-name.js';
import type { ConfigIssue } from '../reading/config-error.js';
import { entryOf, type Section } from './check-sections.js';

/** The rules of `[process.NAME]` and `[process.default]` that concern more than one key. */
export function checkProcessSections(sections: readonly Section[]): ConfigIssue[] {
  const defaults = sections.find(isDefault);
  return sections
    .filter(({ kind }) => kind === 'process')
    .flatMap((section) => [
      ...checkName(section),
      ...checkCustom(section, defaults),
      ...checkDelays(section),
      ...checkStatus(section, defaults),
    ]);
}

/** Whether it is the section [process.default], which is for every process. */
export function isDefault({ processName }: Section): boolean {
  return processName === 'default';
}

/** A name that is only the key to its section may have any characters. A name that reaches commands may not (R14). */
function checkName(section: Section): ConfigIssue[] {
  const { line, label, processName } = section;
  const systemName = entryOf(section, 'system_name');
  if (isDefault(section)) {
    if (systemName === undefined) return [];
    const problem = 'would give every process the same name, allowed: in [process.NAME] only';
    return [{ line: systemName.line, key: `${label}.system_name`, problem }];
  }
  // A faulty system_name has been reported already, and says nothing about the name.
  if (processName === undefined || (systemName && systemName.text !== '')) return [];
  const refused = checkSystemName(processName);
  if (refused === undefined) return [];
  const problem = `the process name ${refused}, allowed: any name, if its section sets system_name`;
  return [{ line, key: `[${label}]`, problem }];
}

/** Strategy `custom` has nothing to run without a `restart_command` (R20). */
function checkCustom(section: Section, defaults: Section | undefined): ConfigIssue[] {
  const strategy = entryOf(section, 'restart_strategy');
  const command = entryOf(section, 'restart_command');
  // A section that sets neither key takes both from [process.default], and is reported there.
  const cause = strategy ?? command;
  if (cause === undefined) return [];
  const effective = strategy ?? entryOf(defaults, 'restart_strategy');
  const effectiveCommand = command ?? entryOf(defaults, 'restart_command');
  if (effective?.text?.toLowerCase() !== 'custom') return [];
  if (effectiveCommand && effectiveCommand.text !== '') return [];
  const problem = 'strategy custom needs a command to run, allowed: custom together with restart_command';
  return [{ line: cause.line, key: `${section.label}.${cause.key}`, problem }];
}

/** A limit below the pause of the same section is a mistake. The limit of [process.default] may be below a longer pause. */
function checkDelays(section: Section): ConfigIssue[] {
  const delay = entryOf(section, 'restart_delay');
  const max = entryOf(section, 'restart_delay_max');
  if (!delay?.text || !max?.text || Number(max.text) >= Number(delay.text)) return [];
  const problem = `"${max.text}" is less than restart_delay (line ${delay.line}), allowed: ${delay.text} or more`;
  return [{ line: max.line, key: `${section.label}.restart_delay_max`, problem }];
}

function checkStatus(section: Section, defaults: Section | undefined): ConfigIssue[] {
  const status = entryOf(section, 'health_check_status');
  const url = entryOf(section, 'health_check_url') ?? entryOf(defaults, 'health_check_url');
  // The default may be for the sections that have a URL.
  if (!status?.text || (url && url.text !== '') || isDefault(section)) return [];
  const problem = 'needs a health_check_url, and there is none, allowed: together with health_check_url';
  return [{ line: status.line, key: `${section.label}.health_check_status`, problem }];
}
