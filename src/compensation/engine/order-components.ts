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
  // Versions of one plan have one id; each is ordered by itself, and a reference from another plan means all of them.
  const versions = [...plans].sort((a, b) => byText(a.id, b.id) || byText(a.effective?.from ?? '', b.effective?.from ?? ''));
  const keyOf = (plan: AnyPlan, componentId: string): string => `${plan.id}/${componentId}@${versions.indexOf(plan)}`;
  for (const plan of versions) {
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
        rest: referencesOf(node).flatMap((reference) => resolve(node, reference)),
      });
    };
    const resolve = (node: OrderedComponent, reference: ComponentReference): readonly string[] => {
      const { planId, componentId } = reference;
      const targets = planId === undefined || planId === node.plan.id ? [node.plan] : versions.filter((plan) => plan.id === planId);
      const keys = targets.map((plan) => keyOf(plan, componentId)).filter((key) => nodes.has(key));
      // A plan that is not part of this run has no results to read; within a plan that is, the reference is wrong.
      if (keys.length === 0 && targets.length > 0) issues.push(createIssue('unknown_reference', pathOf(node), { expected: 'the id of a component', received: componentId }));
      return keys.filter((key) => {
        const target = nodes.get(key);
        if (target === undefined || phaseOf(target) <= phaseOf(node)) return true;
        issues.push(createIssue('circular_reference', pathOf(node), { expected: 'a component of the same phase or an earlier one', received: componentId }));
        return false;
      });
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

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
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
