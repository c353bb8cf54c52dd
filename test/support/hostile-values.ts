/* Values that no function expects, and real inputs with one place of them, however deep, replaced by one. */
import fc from 'fast-check';

const ODDITIES: readonly unknown[] = [
  undefined,
  null,
  true,
  0,
  -0,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  1e308,
  0.1 + 0.2,
  40,
  10n ** 50n,
  '',
  ' ',
  '0x10',
  '1_000',
  '1e400',
  '-5',
  '99999999999999999999.999999999999',
  '2026-02-30',
  '2026-02-14',
  '0001-01-01',
  '9999-12-31',
  '__proto__',
  'constructor',
  'USD',
  'usd',
  [],
  [[]],
  {},
  new Date(0),
  new Map(),
  Symbol('s'),
  () => 1,
  JSON.parse('{"__proto__":{"polluted":1}}'),
  JSON.parse('{"constructor":{"prototype":{"polluted":1}}}'),
  Object.create({ id: 'x' }),
  'x'.repeat(1_000_000),
  Array.from({ length: 20_000 }, () => 0),
  { amount: '1e400', currency: 'USD' },
  { amount: '-0', currency: 'USD' },
  { amount: 5, currency: 'USD' },
];

/** Any odd value, or any JSON. */
export const anything: fc.Arbitrary<unknown> = fc.oneof({ arbitrary: fc.constantFrom(...ODDITIES), weight: 3 }, { arbitrary: fc.jsonValue({ maxDepth: 3 }), weight: 1 });

/** Every place in a value: the paths of its leaves and branches. */
function placesOf(value: unknown, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, entry]) => placesOf(entry, [...path, key]))];
}

function replaceAt(value: unknown, path: readonly (string | number)[], by: unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return by;
  // An earlier replacement may have taken the place away.
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((entry: unknown, index) => (String(index) === String(head) ? replaceAt(entry, rest, by) : entry));
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, key === head ? replaceAt(entry, rest, by) : (entry as unknown)]));
}

/** A real input with one or two places of it replaced by something odd, or with an odd key added at the top. */
export function spoilt(value: object): fc.Arbitrary<unknown> {
  const places = placesOf(value);
  const once = (target: unknown): fc.Arbitrary<unknown> => fc.tuple(fc.constantFrom(...places), anything).map(([path, odd]) => replaceAt(target, path, odd));
  return fc.oneof(
    once(value),
    once(value).chain((first) => (typeof first === 'object' && first !== null ? once(first) : fc.constant(first))),
    anything.map((odd) => ({ ...value, extra: odd })),
  );
}
