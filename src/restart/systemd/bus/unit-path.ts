const UNITS = '/org/freedesktop/systemd1/unit/';

/** The object path of a unit on the bus. Reading it loads the unit, as `systemctl show` does. */
export function unitPath(unit: string): string {
  // As bus_label_escape of systemd, byte by byte: letters stay, and digits except as the first character.
  return (
    UNITS +
    Buffer.from(unit)
      .toString('latin1')
      .replace(/^[0-9]|[^A-Za-z0-9]/g, escapeByte)
  );
}

function escapeByte(byte: string): string {
  return `_${byte.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
