/**
 * Why a name must not be used as a system name (R14); undefined if it may. A name that passes needs no quoting in a
 * shell command, an argv or a path, and matches at most one unit.
 */
export function checkSystemName(name: string): string | undefined {
  if (name === '') return 'is empty';
  if (name.length > MAX_LENGTH) return `is longer than ${MAX_LENGTH} characters`;
  if (!ALPHABET.test(name)) {
    return 'has characters outside A-Z a-z 0-9 . _ @ : - or does not begin with a letter or digit';
  }
  if (name.includes('..')) return 'contains ".."';
  const unitType = forbiddenUnitType(name);
  if (unitType) return `is a systemd ${unitType} unit, which is never restarted`;
  if (isOwnName(name)) return 'is this service itself';
  if (isPid1(name)) return 'is pid 1';
  return undefined;
}

/** The suffix of a unit type that is never restarted, e.g. `.target`; undefined for every other name. */
export function forbiddenUnitType(name: string): string | undefined {
  const lower = name.toLowerCase();
  return FORBIDDEN_UNIT_TYPES.find((suffix) => lower.endsWith(suffix));
}

/** Whether the name means this service itself. */
export function isOwnName(name: string): boolean {
  return normalizeUnitName(name.toLowerCase()) === OWN_NAME;
}

/** Whether the name means pid 1. */
export function isPid1(name: string): boolean {
  return PID_1.has(normalizeUnitName(name.toLowerCase()));
}

/** One key for all names of a unit: for systemd, `nginx` is `nginx.service`. */
export function normalizeUnitName(systemName: string): string {
  return systemName.replace(/\.service$/, '');
}

/** Whether two names mean the same process: `mysqld` and `mysqld.service` do. */
export function isSameName(a: string, b: string): boolean {
  return normalizeUnitName(a) === normalizeUnitName(b);
}

const MAX_LENGTH = 100;
const ALPHABET = /^[A-Za-z0-9][A-Za-z0-9._@:-]*$/;
const FORBIDDEN_UNIT_TYPES = [
  '.target',
  '.slice',
  '.mount',
  '.automount',
  '.swap',
  '.device',
  '.scope',
] as const;
const OWN_NAME = 'monitor_service';
const PID_1: ReadonlySet<string> = new Set(['init', 'systemd']);
