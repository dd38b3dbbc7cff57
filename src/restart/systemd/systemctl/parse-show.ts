import { EMPTY_UNIT, UNIT_PROPERTIES, type UnitProperty, type UnitState } from '../unit-properties.js';

/**
 * Parses the output of `systemctl show`: KEY=VALUE lines in any order, among other lines. (`--value` omits the keys,
 * and systemd 239 also omits what it does not know.)
 */
export function parseShow<K extends UnitProperty>(
  text: string,
  properties: readonly K[],
): Pick<UnitState, K> {
  const values = new Map(
    text.split('\n').flatMap((line): [string, string][] => {
      const equals = line.indexOf('=');
      return equals < 0 ? [] : [[line.slice(0, equals), line.slice(equals + 1).trim()]];
    }),
  );
  const entries = properties.map((property) => {
    const value = values.get(UNIT_PROPERTIES[property].name);
    return [property, value === undefined ? EMPTY_UNIT[property] : parse(property, value)];
  });
  return Object.fromEntries(entries) as Pick<UnitState, K>;
}

function parse(property: UnitProperty, value: string): string | number | boolean | readonly string[] {
  switch (UNIT_PROPERTIES[property].form) {
    case 'text':
    case 'hex':
      return value;
    case 'boolean':
      return value === 'yes';
    case 'number':
    case 'job':
      return Number(value);
    case 'tests':
      // systemctl does not print them.
      return [];
    case 'list':
      return value === '' ? [] : value.split(' ');
  }
}
