import type { TransientProperty } from '../systemd/systemd-client.js';
import {
  appArmorProperty,
  booleanProperty,
  capabilityProperty,
  cpuProperty,
  limitProperties,
  numberProperty,
  textProperty,
} from '../systemd/transient-property.js';
import { capabilityNames } from './capability-names.js';
import type { StartTraits } from './start-plan.js';

/**
 * The traits of a program as settings of its transient unit (R28). systemd applies them before it executes the
 * program.
 */
export function traitProperties(traits: StartTraits): TransientProperty[] {
  const { nice, policy, realtimePriority, io, oomScoreAdjust, limits } = traits;
  const { cpus, bounding, ambient, noNewPrivileges, label } = traits;
  return [
    numberProperty('Nice', nice),
    numberProperty('OOMScoreAdjust', oomScoreAdjust),
    ...(policy === 0 ? [] : [numberProperty('CPUSchedulingPolicy', policy)]),
    ...(realtimePriority === 0 ? [] : [numberProperty('CPUSchedulingPriority', realtimePriority)]),
    ...(io === undefined
      ? []
      : [numberProperty('IOSchedulingClass', io.class), numberProperty('IOSchedulingPriority', io.priority)]),
    ...Object.entries(limits).flatMap(([name, limit]) => limitProperties(`Limit${name}`, limit)),
    ...(cpus === undefined ? [] : [cpuProperty(cpus)]),
    ...(bounding === undefined
      ? []
      : [capabilityProperty('CapabilityBoundingSet', bounding, capabilityNames(bounding))]),
    ...(ambient === undefined
      ? []
      : [capabilityProperty('AmbientCapabilities', ambient, capabilityNames(ambient))]),
    ...(noNewPrivileges ? [booleanProperty('NoNewPrivileges', true)] : []),
    ...(label === undefined ? [] : [labelProperty(label)]),
  ];
}

/** `system_u:system_r:httpd_t:s0` is a label of SELinux, `usr.sbin.httpd (enforce)` one of AppArmor. */
function labelProperty(label: string): TransientProperty {
  const [, profile] = /^(.+) \((?:enforce|complain|kill|mixed|unconfined)\)$/.exec(label) ?? [];
  if (profile !== undefined) return appArmorProperty(profile);
  return label.includes(':') ? textProperty('SELinuxContext', label) : appArmorProperty(label);
}
