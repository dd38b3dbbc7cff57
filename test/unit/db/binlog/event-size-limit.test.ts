import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { isEventTooLarge, MAX_EVENT_MB } from '../../../../src/db/binlog/event-size-limit.js';

interface PacketParser {
  execute(chunk: Buffer): void;
}
const Parser: new (onPacket: () => void) => PacketParser = createRequire(import.meta.url)(
  '../../../../node_modules/mysql2/lib/packet_parser.js',
);
/** A part of an event of which there is more. */
const PART = Buffer.alloc(4 + 0xffffff);
PART.writeUIntLE(0xffffff, 0, 3);

describe('the largest event that is taken in', () => {
  it('is known from the parser of mysql2 before the event is complete', () => {
    const connection = { packetParser: new Parser(() => {}) };
    expect(isEventTooLarge(connection)).toBe(false);
    for (let part = 1; part < MAX_EVENT_MB / 16; part += 1) connection.packetParser.execute(PART);
    expect(isEventTooLarge(connection)).toBe(false);
    connection.packetParser.execute(PART);
    expect(isEventTooLarge(connection)).toBe(true);
  });

  it('has no limit with a driver that works in another way', () => {
    expect([{}, { packetParser: null }, { packetParser: {} }].map(isEventTooLarge)).toEqual([
      false,
      false,
      false,
    ]);
  });
});
