/* In which order the components of all plans are evaluated: by phase, then what others depend on first, then as the plans list them. */

import { throwIfIssues } from '../../errors/domain-error.js';
import { createIssue, type Issue } from '../../errors/issue.js';
import { COMPONENT_PHASES, type ComponentReference } from '../component.js';
import type { AnyComponent } from './check-plan.js';
import type { PlacedComponent } from './evaluate-cell.js';
import type { AnyPlan } from './read-input.js';

/** A component with its plan. */
export interface OrderedComponent {
  readonly plan: AnyPlan;
  readonly placed: PlacedComponent;
}

/**
 * Orders components.
 *
 * @throws DomainError `circular_reference` | `unknown_reference`
 */
export function orderComponents(plans: readonly AnyPlan[], kinds: ReadonlyMap<string, AnyComponent>): readonly OrderedComponent[] {
  const nodes = new Map<string, OrderedComponent>();
  for (const plan of [...plans].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))) {
    plan.components.forEach((config, index) => {
      const component = kinds.get(config.kind);
      if (component !== undefined) nodes.set(keyOf(plan, config.id), { plan, placed: { component, config, index } });
    });
  }
  const issues: Issue[] = [];
  const ordered: OrderedComponent[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const byPhase = [...nodes.entries()].sort(([, a], [, b]) => phaseOf(a) - phaseOf(b));
  for (const [key] of byPhase) visit(key);
  throwIfIssues(issues, { name: 'InvalidPlanError' });
  return ordered;

  function visit(start: string): void {
    // Depth first with a stack of our own: a chain of references may be long.
    const stack: { readonly key: string; readonly rest: string[] }[] = [];
    const open = (key: string): void => {
      const node = nodes.get(key);
      if (node === undefined || state.get(key) === 'done') return;
      if (state.get(key) === 'open') {
        const cycle = [...stack.slice(stack.findIndex((entry) => entry.key === key)).map((entry) => entry.key), key];
        issues.push(createIssue('circular_reference', pathOf(node), { received: cycle.join(' → ') }));
        return;
      }
      state.set(key, 'open');
      stack.push({
        key,
        rest: referencesOf(node)
          .map((reference) => resolve(node, reference))
          .filter((entry) => entry !== undefined),
      });
    };
    const resolve = (node: OrderedComponent, reference: ComponentReference): string | undefined => {
      const key = `${reference.planId ?? node.plan.id}/${reference.componentId}`;
      const target = nodes.get(key);
      if (target === undefined) {
        // A plan that is not part of this run has no results to read; within a plan the reference is wrong.
        if (reference.planId === undefined || plans.some((plan) => plan.id === reference.planId)) {
          issues.push(createIssue('unknown_reference', pathOf(node), { expected: 'the id of a component', received: reference.componentId }));
        }
        return undefined;
      }
      if (phaseOf(target) > phaseOf(node)) {
        issues.push(createIssue('circular_reference', pathOf(node), { expected: `a component of the same phase or an earlier one`, received: reference.componentId }));
        return undefined;
      }
      return key;
    };
    open(start);
    for (let top = stack[stack.length - 1]; top !== undefined; top = stack[stack.length - 1]) {
      const next = top.rest.shift();
      if (next !== undefined) {
        open(next);
        continue;
      }
      stack.pop();
      state.set(top.key, 'done');
      const node = nodes.get(top.key);
      if (node !== undefined) ordered.push(node);
    }
  }
}

function keyOf(plan: AnyPlan, componentId: string): string {
  return `${plan.id}/${componentId}`;
}

function phaseOf(node: OrderedComponent): number {
  return COMPONENT_PHASES.indexOf(node.placed.component.phase ?? 'earn');
}

function pathOf(node: OrderedComponent): readonly (string | number)[] {
  return ['plans', node.plan.id, 'components', node.placed.index];
}

function referencesOf(node: OrderedComponent): readonly ComponentReference[] {
  return node.placed.component.dependsOn?.(node.placed.config) ?? [];
}
