import { runCommand } from '../../../restart/commands/run-command.js';
import { isSystemdRunning } from '../../../restart/systemd/detect-systemd.js';

/** What the unit of the service may do, as far as files and ports are concerned. */
export interface Sandbox {
  readonly readOnly: readonly string[];
  readonly writable: readonly string[];
  /** CAP_DAC_OVERRIDE: with it, owner and mode of a folder do not matter to root. */
  readonly overridesModes: boolean;
  /** CAP_NET_BIND_SERVICE: without it no port below the first unprivileged one can be listened on. */
  readonly bindsLowPorts: boolean;
}

const PROPERTIES = [
  'LoadState',
  'ProtectSystem',
  'ProtectHome',
  'ReadWritePaths',
  'ReadOnlyPaths',
  'InaccessiblePaths',
  'StateDirectory',
  'LogsDirectory',
  'RuntimeDirectory',
  'CapabilityBoundingSet',
];

/**
 * The sandbox of the installed unit with its drop-ins, or of the shipped unit if none is installed. Undefined without
 * systemd.
 */
export async function readSandbox(): Promise<Sandbox | undefined> {
  if (!isSystemdRunning()) return undefined;
  const properties = `--property=${PROPERTIES.join(',')}`;
  const { output } = await runCommand(
    { argv: ['systemctl', 'show', properties, 'monitor_service.service'] },
    { timeoutMs: 5000 },
  );
  return parseSandbox(output);
}

/** Parses the output of `systemctl show`. Pure. */
export function parseSandbox(output: string): Sandbox {
  const values = new Map(
    [...output.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value] as const),
  );
  const isInstalled = values.get('LoadState') === 'loaded';
  const get = (name: string, shipped = ''): string => (isInstalled ? (values.get(name) ?? '') : shipped);
  const paths = (name: string): string[] =>
    // "-" before a path: the path may be missing; "+": it is below RootDirectory=.
    get(name)
      .split(' ')
      .flatMap((path) => path.replace(/^[-+]+/, '') || []);
  const below = (parent: string, name: string): string[] =>
    get(name, 'monitor_service')
      .split(' ')
      .flatMap((folder) => (folder ? `${parent}/${folder}` : []));
  const system = PROTECTED_SYSTEM[get('ProtectSystem', 'full')] ?? [];
  const home = ['', 'no'].includes(get('ProtectHome', 'read-only')) ? [] : HOMES;
  return {
    readOnly: [...system, ...home, ...paths('ReadOnlyPaths'), ...paths('InaccessiblePaths')],
    writable: [
      ...(system.includes('/') ? ['/dev', '/proc', '/sys'] : []),
      ...paths('ReadWritePaths'),
      ...below('/var/lib', 'StateDirectory'),
      ...below('/var/log', 'LogsDirectory'),
      ...below('/run', 'RuntimeDirectory'),
    ],
    overridesModes: /\bcap_dac_override\b/i.test(get('CapabilityBoundingSet')),
    bindsLowPorts: /\bcap_net_bind_service\b/i.test(get('CapabilityBoundingSet')),
  };
}

/** The folder that makes a path read-only for the service. The nearest folder above the path decides. Pure. */
export function findReadOnly(path: string, { readOnly, writable }: Sandbox): string | undefined {
  const nearest = (folders: readonly string[]): string =>
    folders
      .filter((folder) => folder === '/' || path === folder || path.startsWith(`${folder}/`))
      .reduce((longest, folder) => (folder.length > longest.length ? folder : longest), '');
  const forbidden = nearest(readOnly);
  return forbidden.length > nearest(writable).length ? forbidden : undefined;
}

const HOMES = ['/home', '/root', '/run/user'];
const USR = ['/usr', '/boot', '/efi'];
const PROTECTED_SYSTEM: Readonly<Record<string, readonly string[]>> = {
  yes: USR,
  full: [...USR, '/etc'],
  strict: ['/'],
};
