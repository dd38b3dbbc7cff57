import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeMessage,
  encodeCall,
  sizeOfMessage,
} from '../../../../../../src/restart/systemd/bus/wire/message.js';
import { endOfType } from '../../../../../../src/restart/systemd/bus/wire/signature.js';
import { WireReader } from '../../../../../../src/restart/systemd/bus/wire/wire-reader.js';
import { Variant, WireWriter } from '../../../../../../src/restart/systemd/bus/wire/wire-writer.js';

const ALL = new Set<string>();

function written(signature: string, values: readonly unknown[]): Buffer {
  const writer = new WireWriter();
  writer.values(signature, values);
  return writer.written;
}

function read(bytes: Buffer, signature: string, wanted?: ReadonlySet<string>): readonly unknown[] {
  return new WireReader(bytes, true, 0, wanted).values(signature);
}

describe('a call over D-Bus', () => {
  it('has the bytes that its specification says', () => {
    const call = {
      destination: 'a.b',
      path: '/c',
      interface: 'd.e',
      member: 'F',
      signature: 's',
      body: ['g'],
    };
    expect(encodeCall(call, 7, true).toString('latin1')).toBe(
      [
        'l\x01\x00\x01\x06\x00\x00\x00\x07\x00\x00\x00\x47\x00\x00\x00',
        '\x01\x01o\x00\x02\x00\x00\x00/c\x00\x00\x00\x00\x00\x00',
        '\x02\x01s\x00\x03\x00\x00\x00d.e\x00\x00\x00\x00\x00',
        '\x03\x01s\x00\x01\x00\x00\x00F\x00\x00\x00\x00\x00\x00\x00',
        '\x06\x01s\x00\x03\x00\x00\x00a.b\x00\x00\x00\x00\x00',
        '\x08\x01g\x00\x01s\x00\x00',
        '\x01\x00\x00\x00g\x00',
      ].join(''),
    );
    expect(encodeCall(call, 7, false)[2]).toBe(1);
  });

  it('is read as it was written', () => {
    const call = {
      destination: 'a.b',
      path: '/c',
      interface: 'd.e',
      member: 'F',
      signature: 'su',
      body: ['é', 7],
    };
    const bytes = encodeCall(call, 7, true);
    const message = decodeMessage(bytes, ALL);
    expect(message).toMatchObject({ type: 1, path: '/c', interface: 'd.e', member: 'F', replySerial: 0 });
    expect(message.body()).toEqual(['é', 7]);
    expect(sizeOfMessage(bytes)).toBe(bytes.length);
  });

  it('takes the settings of a transient unit', () => {
    const settings = [
      ['Environment', new Variant('as', ['A=1', 'B=2'])],
      ['ExecStart', new Variant('a(sasb)', [['/bin/sh', ['sh', '-c'], false]])],
      ['TimeoutUSec', new Variant('t', 18_446_744_073_709_551_615n)],
      ['RootHash', new Variant('ay', Uint8Array.of(1, 2))],
      ['Nice', new Variant('i', -5)],
      ['CPU', new Variant('(bs)', [true, 'x'])],
    ];
    const body = ['app.service', 'fail', settings, []];
    const [name, mode, told, aux] = read(written('ssa(sv)a(sa(sv))', body), 'ssa(sv)a(sa(sv))');
    expect([name, mode, aux]).toEqual(['app.service', 'fail', []]);
    const values = (told as [string, { value: unknown }][]).map(([key, { value }]) => [key, value]);
    expect(values).toEqual([
      ['Environment', ['A=1', 'B=2']],
      ['ExecStart', [['/bin/sh', ['sh', '-c'], false]]],
      ['TimeoutUSec', 2 ** 64],
      ['RootHash', Buffer.from([1, 2])],
      ['Nice', -5],
      ['CPU', [true, 'x']],
    ]);
  });

  it.each([
    ['s', ['a\0b']],
    ['s', [1]],
    ['as', ['a']],
    ['v', ['a']],
    ['ss', ['a']],
    ['s', ['a', 'b']],
    ['h', [1]],
  ])('is refused where its body is not of the type %s', (signature, values) => {
    expect(() => written(signature, values)).toThrow(TypeError);
  });
});

describe('the answer to a call over D-Bus', () => {
  const pairs = [
    ['Skipped', new Variant('a(ss)', [['a', 'b']])],
    ['Id', new Variant('s', 'app.service')],
    ['Variant', new Variant('v', new Variant('s', 'x'))],
    ['Text', new Variant('s', 'yyy')],
    ['Number', new Variant('t', 1n)],
    ['Job', new Variant('(uo)', [7, '/job'])],
  ] as const;
  /** `{sv}` is aligned and laid out as `(sv)`. */
  const properties = written('a(sv)', [pairs]);

  it('is read only as far as it is wanted', () => {
    expect(read(properties, 'a{sv}', new Set(['Id', 'Job']))).toEqual([
      { Id: { value: 'app.service' }, Job: { value: [7, '/job'] } },
    ]);
    expect(Object.keys(read(properties, 'a{sv}')[0] as object)).toEqual(pairs.map(([name]) => name));
  });

  it('of a machine of the other byte order is read as well', () => {
    const bytes = Buffer.from('\0\0\0\x07\0\0\0\x01x\0', 'latin1');
    expect(new WireReader(bytes, false, 0).values('us')).toEqual([7, 'x']);
  });

  it('gives its object no other prototype', () => {
    const [told] = read(written('a(sv)', [[['__proto__', new Variant('s', 'x')]]]), 'a{sv}');
    expect(Object.getPrototypeOf(told)).toBe(Object.prototype);
    expect(Object.keys(told as object)).toEqual(['__proto__']);
  });

  it.each([
    ['an array of nothing', 'a()', [1, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['an array beyond its message', 'as', [255, 255, 255, 255]],
    ['a text beyond its message', 's', [9, 0, 0, 0, 65]],
    ['a variant of nothing', 'v', [0, 0]],
    ['a variant of two', 'v', [2, 121, 121, 0, 1, 1]],
    ['a type that there is not', 'z', [0]],
    ['a struct without an end', '(s', [0, 0, 0, 0, 0]],
  ])('ends with an error for %s', (_, signature, bytes) => {
    expect(() => read(Buffer.from(bytes), signature)).toThrow(/./);
  });

  it('that is only nested ends with an error', () => {
    const nested = Buffer.from('\x01v\0'.repeat(10_000), 'latin1');
    expect(() => read(nested, 'v')).toThrow('nested');
    const key = written('s', ['Other']);
    const bytes = Buffer.concat([Buffer.alloc(8), key, Buffer.alloc(1), nested]);
    bytes.writeUInt32LE(bytes.length - 8, 0);
    expect(() => read(bytes, 'a{sv}', new Set(['Id']))).toThrow(/./);
  });

  it('of any bytes and any signature ends, with values or with an error', () => {
    const signature = fc.string({ unit: fc.constantFrom(...'ybnqiuxtdsogav(){}'), maxLength: 12 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), signature, (bytes, types) => {
        try {
          read(Buffer.from(bytes), types, new Set(['a']));
        } catch (error) {
          expect(error instanceof RangeError || error instanceof TypeError, String(error)).toBe(true);
        }
      }),
    );
  });

  it('whose header says that it is longer than D-Bus allows is no message', () => {
    const header = Buffer.from(
      encodeCall({ destination: '', path: '/', interface: '', member: '' }, 1, true),
    );
    header.writeUInt32LE(0xffff_ffff, 4);
    expect(() => sizeOfMessage(header)).toThrow(RangeError);
  });
});

it('a signature is cut into its types', () => {
  expect(['s', 'as', 'aas', '(s(uu))', 'a{sa{sv}}'].map((type) => endOfType(`${type}u`, 0))).toEqual([
    1, 2, 3, 7, 9,
  ]);
  expect(() => endOfType('a', 0)).toThrow(TypeError);
});
