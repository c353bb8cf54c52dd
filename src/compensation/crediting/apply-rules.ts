/* Which rules hold for a booking: of those that compete, the first by rank. Not a public entry. */
import { createIssue, type Issue } from '../../errors/issue.js';
import { rankedBy } from '../../organization/rank.js';
import type { Lot } from './follow-deal.js';
import type { ReadCrediting } from './read-crediting.js';
import type { ReadRule } from './validate-crediting-rules.js';

/** The rules that hold. */
export interface AppliedRules {
  readonly direct: ReadRule | undefined;
  /** Overlays, and indirect rules that are no roll-ups. */
  readonly others: readonly ReadRule[];
  readonly rollUps: readonly ReadRule[];
  /** Two direct rules of equal rank hold, and nobody has said which. */
  readonly ambiguous: boolean;
}

/** Chooses the rules. */
export function applyRules(lot: Lot, crediting: ReadCrediting, issues: Issue[]): AppliedRules {
  const { transaction, day, index } = lot.row;
  const groups = new Map<string, ReadRule[]>();
  for (const rule of crediting.rules) {
    if (day < rule.start || day >= rule.end || !rule.matches(transaction)) continue;
    const group = groups.get(rule.group);
    if (group === undefined) groups.set(rule.group, [rule]);
    else group.push(rule);
  }
  const chosen: ReadRule[] = [];
  let ambiguous = false;
  // Rules come by rank, so those of a group do too.
  for (const [name, group] of groups) {
    const [first, second] = group;
    if (first === undefined) continue;
    if (rankedBy(first, second) !== null) {
      chosen.push(first);
      continue;
    }
    const alike = group.filter((rule) => rankedBy(first, rule) === null);
    issues.push(
      createIssue('ambiguous_crediting', ['transactions', index], {
        expected: 'rules that differ in priority, specificity or age',
        received: alike.map((rule) => rule.id).join(', '),
        hint: 'give one of them a priority',
      }),
    );
    if (crediting.firstListed) chosen.push(alike.reduce((earliest, rule) => (rule.index < earliest.index ? rule : earliest)));
    else if (name === 'direct') ambiguous = true;
  }
  return {
    direct: chosen.find((rule) => rule.type === 'direct'),
    others: chosen.filter((rule) => rule.type !== 'direct' && rule.rollUp === undefined),
    rollUps: chosen.filter((rule) => rule.rollUp !== undefined),
    ambiguous,
  };
}
