/**
 * Conformance kits for what you extend the library with; for use in tests.
 *
 * @module testing
 */
export { checkComponent, type CheckComponentOptions, type ComponentLaw } from './check-component.js';
