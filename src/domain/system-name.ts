/**
 * Why a name may not be used as a system name (R14); undefined when it may. A name that passes can stand in a shell
 * command, an argv or a path without quoting, and matches no more than one unit.
 */
export function checkSystemName(name: string): string | undefined {
  if (name === '') return 'is empty';
  if (name.length > MAX_LENGTH) return `is longer than ${MAX_LENGTH} characters`;
  if (!ALPHABET.test(name)) {
    return 'has characters outside A-Z a-z 0-9 . _ @ : - or does not begin with a letter or digit';
  }
  if (name.includes('..')) return 'contains ".."';
  const lower = name.toLowerCase();
  const unitType = FORBIDDEN_UNIT_TYPES.find((suffix) => lower.endsWith(suffix));
  if (unitType) return `is a systemd ${unitType} unit, which is never restarted`;
  if (OURSELVES.has(lower)) return 'is this service itself';
  if (PID_1.has(lower)) return 'is pid 1';
  return undefined;
}

/** One key for the names of one thing: systemd takes `nginx` for `nginx.service`. */
export function normalizeUnitName(systemName: string): string {
  return systemName.replace(/\.service$/, '');
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
const OURSELVES: ReadonlySet<string> = new Set(['monitor_service', 'monitor_service.service']);
const PID_1: ReadonlySet<string> = new Set(['init', 'init.service', 'systemd', 'systemd.service']);
