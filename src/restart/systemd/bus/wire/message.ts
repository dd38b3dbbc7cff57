import { WireReader } from './wire-reader.js';
import { WireWriter } from './wire-writer.js';

/** Types of messages. */
export const METHOD_RETURN = 2;
export const ERROR = 3;
export const SIGNAL = 4;

const METHOD_CALL = 1;
const NO_REPLY_EXPECTED = 1;
const VERSION = 1;
const LITTLE_ENDIAN = 'l'.charCodeAt(0);

export interface MethodCall {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly signature?: string;
  readonly body?: readonly unknown[];
}

/** A message that was received. Its body is read only when somebody needs it. */
export interface ReceivedMessage {
  readonly type: number;
  /** The serial of the call that it answers. */
  readonly replySerial: number;
  readonly sender: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly errorName: string;
  /** Throws RangeError or TypeError if the body is not what its signature says. */
  body(): readonly unknown[];
}

/** The bytes of a call. Throws TypeError if the body does not fit the signature. */
export function encodeCall(call: MethodCall, serial: number, wantsReply: boolean): Buffer {
  const writer = new WireWriter();
  const { signature = '', body = [] } = call;
  writer.byte(LITTLE_ENDIAN);
  writer.byte(METHOD_CALL);
  writer.byte(wantsReply ? 0 : NO_REPLY_EXPECTED);
  writer.byte(VERSION);
  writer.uint32(0);
  writer.uint32(serial);
  writer.uint32(0);
  const field = (code: number, type: 'o' | 's' | 'g', value: string): void => {
    writer.align(8);
    writer.byte(code);
    writer.signature(type);
    writer.values(type, [value]);
  };
  field(1, 'o', call.path);
  field(2, 's', call.interface);
  field(3, 's', call.member);
  field(6, 's', call.destination);
  if (signature !== '') field(8, 'g', signature);
  writer.replaceUint32(12, writer.length - HEADER_SIZE);
  writer.align(8);
  const bodyAt = writer.length;
  writer.values(signature, body);
  writer.replaceUint32(4, writer.length - bodyAt);
  return writer.written;
}

/** The part of a message that says how long it is. */
export const HEADER_SIZE = 16;

/** How long the message is that begins with these bytes. Throws RangeError if it is longer than D-Bus allows. */
export function sizeOfMessage(bytes: Buffer): number {
  const reader = new WireReader(bytes, bytes[0] === LITTLE_ENDIAN, 4);
  const bodySize = reader.uint32();
  reader.uint32();
  const size = HEADER_SIZE + alignTo8(reader.uint32()) + bodySize;
  if (size > MAX_SIZE) throw new RangeError(`a message of ${size} bytes`);
  return size;
}

const MAX_SIZE = 128 * 1024 * 1024;

/** Reads the header of a whole message. `wanted`: see WireReader. Throws as `body` does. */
export function decodeMessage(bytes: Buffer, wanted: ReadonlySet<string>): ReceivedMessage {
  const isLittle = bytes[0] === LITTLE_ENDIAN;
  const reader = new WireReader(bytes, isLittle, 12);
  const fieldsEnd = HEADER_SIZE + reader.uint32();
  const fields: unknown[] = [];
  while (reader.at < fieldsEnd) {
    reader.align(8);
    const code = reader.byte();
    fields[code] = reader.values(reader.signature())[0];
  }
  const text = (code: number): string => String(fields[code] ?? '');
  return {
    type: bytes.readUInt8(1),
    replySerial: Number(fields[5] ?? 0),
    sender: text(7),
    path: text(1),
    interface: text(2),
    member: text(3),
    errorName: text(4),
    body: () => new WireReader(bytes, isLittle, alignTo8(fieldsEnd), wanted).values(text(8)),
  };
}

function alignTo8(size: number): number {
  return (size + 7) & ~7;
}
