const UNITS = '/org/freedesktop/systemd1/unit/';

/** The object path of a unit on the bus. Reading it loads the unit, as `systemctl show` does. */
export function unitPath(unit: string): string {
  const bytes = [...Buffer.from(unit)];
  return UNITS + bytes.map((byte, index) => escapeByte(byte, index === 0)).join('');
}

/** As bus_label_escape of systemd: letters stay, and digits except as the first character. */
function escapeByte(byte: number, isFirst: boolean): string {
  const character = String.fromCharCode(byte);
  const stays = isFirst ? /[A-Za-z]/ : /[A-Za-z0-9]/;
  return stays.test(character) ? character : `_${byte.toString(16).padStart(2, '0')}`;
}
