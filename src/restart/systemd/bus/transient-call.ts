import type { TransientUnit } from '../systemd-client.js';
import { escapeDollar } from '../transient-property.js';
import type { SystemdCall } from './systemd-session.js';

/** The call of StartTransientUnit. It takes arrays, so nothing in them is split. */
export async function transientCall(unit: TransientUnit): Promise<SystemdCall> {
  const { Variant } = await import('@jellybrick/dbus-next');
  const { name, description, argv, argv0 = argv[0], environment = {}, properties } = unit;
  const variables = Object.entries(environment).map(([key, value]) => `${key}=${value}`);
  const settings = [
    ['Description', new Variant('s', description)],
    ['ExecStart', new Variant('a(sasb)', [[argv[0], [argv0, ...argv.slice(1)].map(escapeDollar), false]])],
    ...(variables.length > 0 ? [['Environment', new Variant('as', variables)]] : []),
    ...properties.map((property) => [property.name, new Variant(property.signature, property.value)]),
  ];
  // `fail`: our names are new, and a unit that already has the name must not be replaced.
  return { member: 'StartTransientUnit', signature: 'ssa(sv)a(sa(sv))', body: [name, 'fail', settings, []] };
}
