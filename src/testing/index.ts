/**
 * Conformance kits for what you extend the library with; for use in tests.
 *
 * @module testing
 */
export { type CheckComponentOptions, type ComponentLaw, checkComponent } from './check-component.js';
