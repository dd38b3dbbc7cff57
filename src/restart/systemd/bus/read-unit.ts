import type { Variant } from '@jellybrick/dbus-next';
import {
  EMPTY_UNIT,
  propertiesOf,
  UNIT_PROPERTIES,
  type UnitProperty,
  type UnitState,
} from '../unit-properties.js';
import { decodeProperty } from './decode-property.js';
import { MANAGER_PATH, type SystemdSession } from './systemd-session.js';
import { unitPath } from './unit-path.js';

export const PROPERTIES_INTERFACE = 'org.freedesktop.DBus.Properties';

/** The columns of ListUnitsByNames that are properties. This one cheap call answers the most frequent questions. */
const LISTED = new Map<UnitProperty, number>([
  ['id', 0],
  ['loadState', 2],
  ['activeState', 3],
  ['subState', 4],
  ['job', 7],
]);

/**
 * From so many properties on, reading all 100 that every unit has is faster than one call for each. Not for the few
 * before a restart: UnitFileState is one of the 100, and after each daemon-reload systemd reads the folders of all
 * units for it, for each unit anew. In a storm that was half of its work.
 */
const MANY = 8;

/**
 * Reads properties of a unit, all at once. Those of services are requested one by one: systemd needs longer for all 200
 * of them (for some it reads files of the cgroup) than for a few.
 */
export async function readUnit<K extends UnitProperty>(
  session: SystemdSession,
  unit: string,
  properties: readonly K[],
): Promise<Pick<UnitState, K>> {
  const wanted = propertiesOf(unit, properties);
  const ofUnit = wanted.filter((property) => UNIT_PROPERTIES[property].of === 'Unit');
  const ofService = wanted.filter((property) => UNIT_PROPERTIES[property].of === 'Service');
  const others = ofUnit.filter((property) => !LISTED.has(property));
  const readOthers = (property: UnitProperty): Promise<Partial<UnitState>> =>
    readOne(session, unit, property);
  const parts = await Promise.all([
    ...(others.length >= MANY
      ? [readAll(session, unit, ofUnit)]
      : [readListed(session, unit, ofUnit), ...others.map(readOthers)]),
    ...ofService.map(readOthers),
  ]);
  return Object.assign({}, pick(EMPTY_UNIT, properties), ...parts);
}

function interfaceOf(kind: 'Unit' | 'Service'): string {
  return `org.freedesktop.systemd1.${kind}`;
}

async function readListed(
  session: SystemdSession,
  unit: string,
  wanted: readonly UnitProperty[],
): Promise<Partial<UnitState>> {
  const properties = wanted.filter((property) => LISTED.has(property));
  if (properties.length === 0) return {};
  const call = { member: 'ListUnitsByNames', path: MANAGER_PATH, signature: 'as', body: [[unit]] };
  const [listed] = await session.call(call);
  const row: unknown = Array.isArray(listed) ? listed[0] : undefined;
  if (!Array.isArray(row)) throw new TypeError(`systemd sent nothing about ${unit}`);
  const values = properties.map((property) => [property, row[LISTED.get(property) ?? -1]]);
  return Object.fromEntries(values);
}

async function readAll(
  session: SystemdSession,
  unit: string,
  properties: readonly UnitProperty[],
): Promise<Partial<UnitState>> {
  const [all] = await session.call({
    path: unitPath(unit),
    interface: PROPERTIES_INTERFACE,
    member: 'GetAll',
    signature: 's',
    body: [interfaceOf('Unit')],
  });
  const values = (all ?? {}) as Record<string, Variant>;
  const parts = properties.map((property) =>
    decodeProperty(property, values[UNIT_PROPERTIES[property].name]?.value),
  );
  return Object.assign({}, ...parts);
}

async function readOne(
  session: SystemdSession,
  unit: string,
  property: UnitProperty,
): Promise<Partial<UnitState>> {
  const { name, of } = UNIT_PROPERTIES[property];
  const [value] = await session.call({
    path: unitPath(unit),
    interface: PROPERTIES_INTERFACE,
    member: 'Get',
    signature: 'ss',
    body: [interfaceOf(of), name],
  });
  return decodeProperty(property, (value as Variant | undefined)?.value);
}

function pick<K extends UnitProperty>(state: UnitState, properties: readonly K[]): Pick<UnitState, K> {
  return Object.fromEntries(properties.map((property) => [property, state[property]])) as Pick<UnitState, K>;
}
