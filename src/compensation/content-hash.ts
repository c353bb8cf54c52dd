import { createDomainError } from '../errors/domain-error.js';
import type { IssuePath } from '../errors/issue.js';

/**
 * SHA-256 of a JSON value with its keys sorted, so that two values that are equal have one hash whatever the order of their keys.
 * Pure ECMAScript: the same in Node, browsers and database sandboxes.
 *
 * @param value - JSON: no functions, symbols, bigints, `undefined` in lists, NaN or infinities; keys whose value is `undefined` are left out
 * @returns 64 hexadecimal digits
 * @throws DomainError `invalid_json_value`
 * @example
 * ```ts
 * import { contentHash } from 'dealwright/compensation';
 * contentHash({ b: 1, a: [true, null] }) === contentHash({ a: [true, null], b: 1 }); // => true
 * contentHash('abc').slice(0, 16); // => '6cc43f858fbb7633'
 * ```
 * @category compensation
 */
export function contentHash(value: unknown): string {
  return sha256(canonicalJson(value));
}

const MAX_DEPTH = 100;

/**
 * JSON with sorted keys and no blanks.
 *
 * @throws DomainError `invalid_json_value`
 */
export function canonicalJson(value: unknown): string {
  const parts: string[] = [];
  write(value, [], parts);
  return parts.join('');
}

function write(value: unknown, path: IssuePath, parts: string[]): void {
  const refuse = (expected: string) => createDomainError('invalid_json_value', path, { expected, received: value });
  switch (typeof value) {
    case 'string':
    case 'boolean':
      parts.push(JSON.stringify(value));
      return;
    case 'number':
      if (!Number.isFinite(value)) throw refuse('a finite number');
      parts.push(JSON.stringify(value));
      return;
    case 'object':
      break;
    default:
      throw refuse('a JSON value');
  }
  if (value === null) {
    parts.push('null');
    return;
  }
  if (path.length > MAX_DEPTH) throw refuse(`values nested at most ${MAX_DEPTH} deep, without cycles`);
  if (Array.isArray(value)) {
    parts.push('[');
    value.forEach((entry: unknown, index) => {
      if (index > 0) parts.push(',');
      write(entry, [...path, index], parts);
    });
    parts.push(']');
    return;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) throw refuse('a plain object');
  const record = value as Readonly<Record<string, unknown>>;
  parts.push('{');
  let first = true;
  for (const key of Object.keys(record).sort()) {
    if (record[key] === undefined) continue;
    parts.push(first ? '' : ',', JSON.stringify(key), ':');
    write(record[key], [...path, key], parts);
    first = false;
  }
  parts.push('}');
}

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2). */
const ROUND_CONSTANTS: readonly number[] = [
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
  0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
  0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
  0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
];

/** SHA-256 (FIPS 180-4) of a text in UTF-8. */
function sha256(text: string): string {
  const bytes = padded(utf8(text));
  const hash = Int32Array.of(0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19);
  const words = new Int32Array(64);
  for (let block = 0; block < bytes.length; block += 64) {
    for (let index = 0; index < 16; index += 1) {
      const at = block + index * 4;
      words[index] = ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    }
    for (let index = 16; index < 64; index += 1) {
      const w15 = words[index - 15] ?? 0;
      const w2 = words[index - 2] ?? 0;
      const s0 = rotate(w15, 7) ^ rotate(w15, 18) ^ (w15 >>> 3);
      const s1 = rotate(w2, 17) ^ rotate(w2, 19) ^ (w2 >>> 10);
      words[index] = ((words[index - 16] ?? 0) + s0 + (words[index - 7] ?? 0) + s1) | 0;
    }
    compress(hash, words);
  }
  let hex = '';
  for (const word of hash) hex += (word >>> 0).toString(16).padStart(8, '0');
  return hex;
}

function compress(hash: Int32Array, words: Int32Array): void {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash;
  for (let index = 0; index < 64; index += 1) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const choice = (e & f) ^ (~e & g);
    const t1 = (h + s1 + choice + (ROUND_CONSTANTS[index] ?? 0) + (words[index] ?? 0)) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const t2 = (s0 + majority) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, index) => {
    hash[index] = ((hash[index] ?? 0) + word) | 0;
  });
}

function rotate(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

/** UTF-8 without TextEncoder, which a bare engine does not have; a lone surrogate becomes U+FFFD as it would there. */
function utf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (let index = 0; index < text.length; index += 1) {
    let code = text.charCodeAt(index);
    if (code >= 0xd800 && code <= 0xdfff) {
      const low = text.charCodeAt(index + 1);
      if (code <= 0xdbff && low >= 0xdc00 && low <= 0xdfff) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        index += 1;
      } else code = 0xfffd;
    }
    if (code < 0x80) bytes[length++] = code;
    else if (code < 0x800) {
      bytes[length++] = 0xc0 | (code >> 6);
      bytes[length++] = 0x80 | (code & 0x3f);
    } else if (code < 0x10000) {
      bytes[length++] = 0xe0 | (code >> 12);
      bytes[length++] = 0x80 | ((code >> 6) & 0x3f);
      bytes[length++] = 0x80 | (code & 0x3f);
    } else {
      // A pair is two characters, so six bytes were set aside for the four that it takes.
      bytes[length++] = 0xf0 | (code >> 18);
      bytes[length++] = 0x80 | ((code >> 12) & 0x3f);
      bytes[length++] = 0x80 | ((code >> 6) & 0x3f);
      bytes[length++] = 0x80 | (code & 0x3f);
    }
  }
  return bytes.subarray(0, length);
}

function padded(bytes: Uint8Array): Uint8Array {
  const size = Math.ceil((bytes.length + 9) / 64) * 64;
  const result = new Uint8Array(size);
  result.set(bytes);
  result[bytes.length] = 0x80;
  const bits = bytes.length * 8;
  for (let place = 0; place < 8; place += 1) result[size - 1 - place] = Math.floor(bits / 2 ** (8 * place)) & 0xff;
  return result;
}
