import type { UnitProperty, UnitState } from '../unit-properties.js';
import { UNIT_PROPERTIES } from '../unit-properties.js';

const BY_NAME = new Map(
  (Object.keys(UNIT_PROPERTIES) as UnitProperty[]).map((property) => [
    UNIT_PROPERTIES[property].name,
    property,
  ]),
);

/** The property with this name on the bus. */
export function propertyNamed(name: string): UnitProperty | undefined {
  return BY_NAME.get(name);
}

/** Converts a value from the bus into a part of the state of a unit. Throws TypeError if it has the wrong type. */
export function decodeProperty(property: UnitProperty, value: unknown): Partial<UnitState> {
  return { [property]: decode(property, value) };
}

function decode(property: UnitProperty, value: unknown): string | number | boolean | readonly string[] {
  switch (UNIT_PROPERTIES[property].form) {
    case 'text':
      if (typeof value === 'string') return value;
      break;
    case 'boolean':
      if (typeof value === 'boolean') return value;
      break;
    case 'number':
      if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
      break;
    case 'list':
      if (Array.isArray(value)) return value.map(String);
      break;
    case 'hex':
      if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
      break;
    case 'tests':
      if (Array.isArray(value)) return unmetOf(value);
      break;
    case 'job':
      if (Array.isArray(value)) return Number(value[0]);
  }
  throw new TypeError(`systemd sent ${UNIT_PROPERTIES[property].name} as a ${typeof value}`);
}

/**
 * The conditions that are not met. systemd sends each as its name, whether one of several is enough (`|`), whether it is
 * negated, its parameter, and its result, which is below 0 if it failed. If only conditions with `|` have failed, all of
 * these have.
 */
function unmetOf(tests: readonly unknown[]): readonly string[] {
  const failed = tests.flatMap((test) => {
    if (!Array.isArray(test) || Number(test[4]) >= 0) return [];
    const [name, isOneOf, isNegated, parameter] = test as unknown[];
    const text = `${String(name)}=${isOneOf === true ? '|' : ''}${isNegated === true ? '!' : ''}${String(parameter)}`;
    return [{ text, isOneOf: isOneOf === true }];
  });
  const required = failed.filter(({ isOneOf }) => !isOneOf);
  return (required.length > 0 ? required : failed).map(({ text }) => text);
}
