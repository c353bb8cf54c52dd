/* The last guard of every kernel: a figure that overflowed is an error, never NaN or Infinity in a result. */
import { createDomainError } from '../errors/domain-error.js';
import type { IssuePath } from '../errors/issue.js';

/** Throws when a value is NaN or infinite. */
export function requireFinite(values: ArrayLike<number>, path: IssuePath): void {
  for (let i = 0; i < values.length; i += 1) {
    if (Number.isFinite(values[i])) continue;
    throw createDomainError('not_finite', path, {
      message: 'The result exceeds what a number can hold.',
      hint: 'rescale the input: its values are too large, too small or too unequal',
    });
  }
}
