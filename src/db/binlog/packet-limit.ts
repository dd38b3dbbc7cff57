/** mysql2 collects an event of many MB in parts of 16 MB, and copies it at its end: it takes more than twice its size. */
const MAX_PARTS = 8;

/** The size of an event that is given up, MB. */
export const MAX_EVENT_MB = MAX_PARTS * 16;

/**
 * Whether the connection is taking in an event that is larger than any that concerns us can be. mysql2 does not show it in
 * its types; a version that has no such field has no limit.
 */
export function isEventTooLarge(connection: object): boolean {
  const parser: unknown = Reflect.get(connection, 'packetParser');
  if (typeof parser !== 'object' || parser === null) return false;
  const parts: unknown = Reflect.get(parser, 'largePacketParts');
  return Array.isArray(parts) && parts.length >= MAX_PARTS;
}
