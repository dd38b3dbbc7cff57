/** mysql2 collects a large event in parts of 16 MB and then copies it, which takes more than twice its size. */
const MAX_PARTS = 8;

/** A larger event is not read, MB. */
export const MAX_EVENT_MB = MAX_PARTS * 16;

/**
 * Whether the connection is receiving an event that is larger than any event of our tables can be. The field of mysql2
 * is not in its types; for a version without this field there is no limit.
 */
export function isEventTooLarge(connection: object): boolean {
  const parser: unknown = Reflect.get(connection, 'packetParser');
  if (typeof parser !== 'object' || parser === null) return false;
  const parts: unknown = Reflect.get(parser, 'largePacketParts');
  return Array.isArray(parts) && parts.length >= MAX_PARTS;
}
