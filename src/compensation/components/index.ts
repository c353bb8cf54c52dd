import { commissionComponent } from './commission.js';
import { salaryComponent } from './salary.js';

/**
 * The plan components that come with the library. Each is a value made by `defineComponent`, like your own.
 *
 * @example
 * ```ts
 * import { builtInComponents } from 'dealwright/compensation';
 * builtInComponents.some((component) => component.kind === 'commission'); // => true
 * ```
 * @category compensation
 */
export const builtInComponents = [salaryComponent, commissionComponent] as const;

/**
 * The kinds of components that come with the library.
 *
 * @category compensation
 */
export type BuiltInComponents = typeof builtInComponents;
