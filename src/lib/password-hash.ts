import { pbkdf2, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** What is kept of a password. `text` says how it was made. */
export interface PasswordHash {
  readonly text: string;
  readonly way: ScryptWay | Pbkdf2Way;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

interface ScryptWay {
  readonly name: 'scrypt';
  /** Base-2 logarithm of N. */
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

interface Pbkdf2Way {
  readonly name: 'pbkdf2-sha512';
  readonly iterations: number;
}

/** This host has no scrypt, as in a FIPS mode. */
export class NoScryptError extends Error {}

/** 16 MB and about a fifth of a second. */
const SCRYPT: ScryptWay = { name: 'scrypt', logN: 14, r: 8, p: 5 };
const PBKDF2: Pbkdf2Way = { name: 'pbkdf2-sha512', iterations: 210_000 };
/** A file must not be able to make the service use more, in bytes. */
const MAX_MEMORY = 32_000_000;
const HASH_BYTES = 32;
const SALT_BYTES = 16;

/** The hash of a password, with a salt of its own. By PBKDF2 if this host has no scrypt. */
export async function hashPassword(password: string): Promise<PasswordHash> {
  try {
    return await hashBy(SCRYPT, password);
  } catch (error) {
    if (!(error instanceof NoScryptError)) throw error;
    return await hashBy(PBKDF2, password);
  }
}

/** The same by one of the two ways, whatever this host has. Throws NoScryptError. */
export async function hashBy(way: PasswordHash['way'], password: string): Promise<PasswordHash> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(way, password, salt);
  return { text: `$${way.name}$${describeWay(way)}$${encode(salt)}$${encode(hash)}`, way, salt, hash };
}

/**
 * Whether this is the password. Takes up to 32 MB and one of the four threads of Node.js for some tenths of a second.
 * Throws NoScryptError.
 */
export async function isPassword(password: string, { way, salt, hash }: PasswordHash): Promise<boolean> {
  return timingSafeEqual(await derive(way, password, salt), hash);
}

/** Undefined if it is no hash that `hashPassword` makes, or one that takes too much to check. */
export function parsePasswordHash(text: string): PasswordHash | undefined {
  const [, name, parameters = '', ...encoded] =
    /^\$(scrypt|pbkdf2-sha512)\$([a-z0-9=,]+)\$([\w+/-]+)\$([\w+/-]+)$/.exec(text) ?? [];
  const way = name === 'scrypt' ? parseScrypt(parameters) : parsePbkdf2(parameters);
  const [salt, hash] = encoded.map((part) => Buffer.from(part, 'base64'));
  if (!way || !salt || salt.length < SALT_BYTES || hash?.length !== HASH_BYTES) return undefined;
  return { text, way, salt, hash };
}

function parseScrypt(parameters: string): ScryptWay | undefined {
  const [, logN = 0, r = 0, p = 0] = (/^ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})$/.exec(parameters) ?? []).map(
    Number,
  );
  const isAllowed = logN >= 10 && r >= 1 && p >= 1 && p <= 16 && memoryOf({ logN, r, p }) <= MAX_MEMORY;
  return isAllowed ? { name: 'scrypt', logN, r, p } : undefined;
}

function parsePbkdf2(parameters: string): Pbkdf2Way | undefined {
  const iterations = Number(/^i=(\d{5,7})$/.exec(parameters)?.[1]);
  return iterations >= 100_000 && iterations <= 2_000_000 ? { name: 'pbkdf2-sha512', iterations } : undefined;
}

function describeWay(way: PasswordHash['way']): string {
  return way.name === 'scrypt' ? `ln=${way.logN},r=${way.r},p=${way.p}` : `i=${way.iterations}`;
}

/** What scrypt asks the system for, in bytes. */
function memoryOf({ logN, r, p }: Pick<ScryptWay, 'logN' | 'r' | 'p'>): number {
  return 128 * r * (2 ** logN + p + 1);
}

async function derive(way: PasswordHash['way'], password: string, salt: Buffer): Promise<Buffer> {
  // The same password may be typed with composed and with combining characters.
  const bytes = Buffer.from(password.normalize('NFC'));
  if (way.name !== 'scrypt')
    return await promisify(pbkdf2)(bytes, salt, way.iterations, HASH_BYTES, 'sha512');
  const { logN, r, p } = way;
  return await new Promise((resolve, reject) => {
    const fail = (cause: unknown) => reject(new NoScryptError('scrypt is not available', { cause }));
    try {
      // In a FIPS mode it throws at once, or calls back with an error.
      scrypt(bytes, salt, HASH_BYTES, { N: 2 ** logN, r, p, maxmem: MAX_MEMORY }, (error, key) =>
        error ? fail(error) : resolve(key),
      );
    } catch (error) {
      fail(error);
    }
  });
}

function encode(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
