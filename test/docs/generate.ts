/* Runs once before the documentation tests: writes every example as a module. */
import { generateExamples, listExamples } from './examples.js';

export default function setup(): void {
  generateExamples(listExamples());
}
