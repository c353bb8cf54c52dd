/* A plan in words: each component says what it pays. */
import type { AnyComponent } from './check-plan.js';
import type { AnyPlan } from './read-input.js';

/** The plan in plain English, a line for the whole and one for each component. */
export function describePlanOf(plan: AnyPlan, kinds: ReadonlyMap<string, AnyComponent>): string {
  const effective = plan.effective === undefined ? '' : `, from ${plan.effective.from}${plan.effective.to === undefined ? ' on' : ` until the day before ${plan.effective.to}`}`;
  const first = `${plan.label ?? plan.id}: paid every ${plan.period} in ${plan.currency}${effective}.`;
  const parts = plan.components.map((config) => {
    const text = kinds.get(config.kind)?.describe?.(config, plan);
    return `- ${config.id}: ${text ?? `a component of kind "${config.kind}".`}`;
  });
  return [first, ...parts].join('\n');
}
