import { alignmentOf, endOfType } from './signature.js';

/** A value whose type came with it. */
export interface ReadVariant {
  readonly value: unknown;
}

/** Deeper than any value of systemd, and than the bus lets pass. */
const MAX_DEPTH = 64;

/**
 * Reads values from the bytes of a message. Of a dictionary with text keys only the entries in `wanted` are read: systemd
 * sends a hundred properties where a few are needed. Throws RangeError or TypeError if the bytes are not of this signature.
 */
export class WireReader {
  #at: number;
  #depth = 0;

  constructor(
    private readonly bytes: Buffer,
    private readonly isLittle: boolean,
    at: number,
    private readonly wanted?: ReadonlySet<string>,
  ) {
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  align(to: number): void {
    this.#at += (to - (this.#at % to)) % to;
  }

  byte(): number {
    const at = this.#take(1);
    return this.bytes.readUInt8(at);
  }

  uint32(): number {
    this.align(4);
    const at = this.#take(4);
    return this.isLittle ? this.bytes.readUInt32LE(at) : this.bytes.readUInt32BE(at);
  }

  text(): string {
    const size = this.uint32();
    const at = this.#take(size + 1);
    return this.bytes.toString('utf8', at, at + size);
  }

  signature(): string {
    const size = this.byte();
    const at = this.#take(size + 1);
    return this.bytes.toString('latin1', at, at + size);
  }

  /** All values of a signature. */
  values(signature: string): unknown[] {
    const values: unknown[] = [];
    for (let at = 0; at < signature.length; at = endOfType(signature, at)) {
      values.push(this.#value(signature, at));
    }
    return values;
  }

  #value(signature: string, at: number): unknown {
    switch (signature[at]) {
      case 's':
      case 'o':
        return this.text();
      case 'g':
        return this.signature();
      case 'y':
        return this.byte();
      case 'b':
        return this.uint32() !== 0;
      case 'u':
      case 'h':
        return this.uint32();
      case 'i':
        return this.uint32() | 0;
      case 'n':
        return (this.#uint16() << 16) >> 16;
      case 'q':
        return this.#uint16();
      case 't':
        return Number(this.#uint64());
      case 'x':
        return Number(BigInt.asIntN(64, this.#uint64()));
      case 'd':
        return this.#double();
      case 'v':
        return this.#nested(() => this.#variant());
      case '(':
        return this.#nested(() => this.#struct(signature.slice(at + 1, endOfType(signature, at) - 1)));
      case 'a':
        return this.#nested(() => this.#array(signature, at + 1));
      default:
        throw new TypeError(`${signature} is no signature of D-Bus`);
    }
  }

  #variant(): ReadVariant {
    const signature = this.signature();
    if (signature === '' || endOfType(signature, 0) !== signature.length)
      throw new TypeError(`a variant of ${signature}`);
    return { value: this.#value(signature, 0) };
  }

  #struct(members: string): unknown[] {
    // An array of them would have no end.
    if (members === '') throw new TypeError('a struct without members');
    this.align(8);
    return this.values(members);
  }

  #array(signature: string, elementAt: number): unknown {
    const size = this.uint32();
    this.align(alignmentOf(signature, elementAt));
    const end = this.#at + size;
    if (end > this.bytes.length) throw new RangeError('an array beyond its message');
    if (signature[elementAt] === 'y') {
      const at = this.#take(size);
      return this.bytes.subarray(at, at + size);
    }
    if (signature[elementAt] === '{') return this.#dictionary(signature, elementAt, end);
    const values: unknown[] = [];
    while (this.#at < end) values.push(this.#value(signature, elementAt));
    return values;
  }

  #dictionary(signature: string, elementAt: number, end: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    const valueAt = endOfType(signature, elementAt + 1);
    while (this.#at < end) {
      this.align(8);
      const key = String(this.#value(signature, elementAt + 1));
      if (this.wanted?.has(key) === false) this.#skip(signature, valueAt);
      else entries.push([key, this.#value(signature, valueAt)]);
    }
    // Not by assignment: a key may be `__proto__`.
    return Object.fromEntries(entries);
  }

  /** Arrays, which are most of what systemd sends, are skipped without a look at what is in them. */
  #skip(signature: string, at: number): void {
    const type = signature[at];
    if (type === 'v') {
      const inner = this.signature();
      this.#nested(() => this.#skip(inner, 0));
    } else if (type === 'a') {
      const size = this.uint32();
      this.align(alignmentOf(signature, at + 1));
      this.#take(size);
    } else if (type === 's' || type === 'o') {
      this.#take(this.uint32() + 1);
    } else {
      this.#value(signature, at);
    }
  }

  #uint16(): number {
    this.align(2);
    const at = this.#take(2);
    return this.isLittle ? this.bytes.readUInt16LE(at) : this.bytes.readUInt16BE(at);
  }

  #uint64(): bigint {
    this.align(8);
    const at = this.#take(8);
    return this.isLittle ? this.bytes.readBigUInt64LE(at) : this.bytes.readBigUInt64BE(at);
  }

  #double(): number {
    this.align(8);
    const at = this.#take(8);
    return this.isLittle ? this.bytes.readDoubleLE(at) : this.bytes.readDoubleBE(at);
  }

  /** Everything is nested by at least one level of these, so a message that is only nested ends here. */
  #nested<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new RangeError('a value that is nested too deep');
    const value = read();
    this.#depth -= 1;
    return value;
  }

  #take(size: number): number {
    const at = this.#at;
    if (at + size > this.bytes.length) throw new RangeError('a value beyond its message');
    this.#at = at + size;
    return at;
  }
}
