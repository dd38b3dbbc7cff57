import { alignmentOf, endOfType } from './signature.js';

/** A value with its type, where a signature says `v`. */
export class Variant {
  constructor(
    readonly signature: string,
    readonly value: unknown,
  ) {}
}

/** Bytes of a message, in little endian. */
export class WireWriter {
  // Zeros, because padding must be zero.
  #bytes = Buffer.alloc(512);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get written(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  align(to: number): void {
    this.#take((to - (this.#length % to)) % to);
  }

  byte(value: number): void {
    const at = this.#take(1);
    this.#bytes[at] = value;
  }

  /** Also of an int32, whose bits are the same. */
  uint32(value: number): void {
    this.align(4);
    const at = this.#take(4);
    this.#bytes.writeUInt32LE(value >>> 0, at);
  }

  uint64(value: bigint): void {
    this.align(8);
    const at = this.#take(8);
    this.#bytes.writeBigUInt64LE(BigInt.asUintN(64, value), at);
  }

  text(value: string): void {
    const size = Buffer.byteLength(value);
    this.uint32(size);
    const at = this.#take(size + 1);
    this.#bytes.write(value, at);
  }

  signature(value: string): void {
    this.byte(value.length);
    const at = this.#take(value.length + 1);
    this.#bytes.write(value, at);
  }

  raw(value: Uint8Array): void {
    const at = this.#take(value.length);
    this.#bytes.set(value, at);
  }

  replaceUint32(at: number, value: number): void {
    this.#bytes.writeUInt32LE(value, at);
  }

  /** Values of these types, one after the other. Throws TypeError if one does not fit its type. */
  values(signature: string, values: readonly unknown[]): void {
    let at = 0;
    for (const value of values) {
      if (at >= signature.length) throw new TypeError(`more values than in the signature ${signature}`);
      this.#value(signature, at, value);
      at = endOfType(signature, at);
    }
    if (at < signature.length) throw new TypeError(`fewer values than in the signature ${signature}`);
  }

  #value(signature: string, at: number, value: unknown): void {
    const type = signature[at];
    switch (type) {
      case 's':
      case 'o':
        this.text(requireText(value));
        break;
      case 'g':
        this.signature(requireText(value));
        break;
      case 'y':
        this.byte(Number(value));
        break;
      case 'b':
        this.uint32(value === true ? 1 : 0);
        break;
      case 'u':
      case 'i':
        this.uint32(Number(value));
        break;
      case 't':
      case 'x':
        this.uint64(BigInt(value as number | bigint));
        break;
      case 'v':
        if (!(value instanceof Variant)) throw new TypeError('a variant must be a Variant');
        this.signature(value.signature);
        this.values(value.signature, [value.value]);
        break;
      case '(':
        this.align(8);
        this.values(signature.slice(at + 1, endOfType(signature, at) - 1), requireList(value));
        break;
      case 'a':
        this.#array(signature, at + 1, value);
        break;
      default:
        throw new TypeError(`D-Bus type ${type} is not written here`);
    }
  }

  #array(signature: string, elementAt: number, value: unknown): void {
    this.uint32(0);
    const sizeAt = this.#length - 4;
    this.align(alignmentOf(signature, elementAt));
    const begin = this.#length;
    if (signature[elementAt] === 'y' && value instanceof Uint8Array) this.raw(value);
    else for (const element of requireList(value)) this.#value(signature, elementAt, element);
    this.replaceUint32(sizeAt, this.#length - begin);
  }

  /** Makes room, and returns where it begins. */
  #take(size: number): number {
    const at = this.#length;
    this.#length += size;
    if (this.#length > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(this.#length, 2 * this.#bytes.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return at;
  }
}

function requireText(value: unknown): string {
  if (typeof value === 'string' && !value.includes('\0')) return value;
  throw new TypeError('a text of D-Bus must be a string without NUL');
}

function requireList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new TypeError('an array or a struct of D-Bus must be an array');
}
