const UNITS = '/org/freedesktop/systemd1/unit/';

/** The object path of a unit on the bus. Reading it loads the unit, as `systemctl show` does. */
export function unitPath(unit: string): string {
  // Escaped byte by byte.
  return UNITS + Buffer.from(unit).toString('latin1').replace(ESCAPED, escapeByte);
}

/** As bus_label_escape of systemd: letters stay, and digits except as the first character. */
const ESCAPED = /[^A-Za-z0-9]|^[0-9]/g;

function escapeByte(byte: string): string {
  return `_${byte.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
