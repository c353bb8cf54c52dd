/* Who gets which share of a sale by a rule. Not a public entry. */
import { RATIO_ONE, RATIO_ZERO, type Ratio, ratioAdd, ratioFromDecimal, ratioMultiply, ratioSubtract } from '../../decimal/ratio.js';
import { membersOn } from '../../organization/territory-members.js';
import { byText } from '../../organization/validate-hierarchy.js';
import type { ReadTerritoryAssignment } from '../../organization/validate-territories.js';
import type { UncreditedAmount } from './crediting-result.js';
import { canonical, type Lot } from './follow-deal.js';
import type { FilteredTransaction, TransactionPredicate } from './transaction-filter.js';
import type { ReadRule } from './validate-crediting-rules.js';

/** Somebody who is credited. */
export interface Recipient {
  readonly payeeId: string;
  /** Fraction of the sale. */
  readonly share: Ratio;
  /** Fraction among those who share, before the share of the rule. */
  readonly part: Ratio;
}

/** Who is credited, and what is left. */
export interface Recipients {
  /** Sorted by id, each once. */
  readonly payees: readonly Recipient[];
  /** Shares that nobody gets. */
  readonly left: readonly { readonly reason: UncreditedAmount['reason']; readonly share: Ratio }[];
}

/** An entry of eligibility with its days as numbers. */
export interface ReadEligibility {
  readonly start: number;
  readonly end: number;
  readonly matches: TransactionPredicate;
}

/** What recipients are found by. */
export interface RecipientSources {
  readonly assignments: readonly ReadTerritoryAssignment[];
  /** By payee. */
  readonly eligibility: ReadonlyMap<string, readonly ReadEligibility[]>;
}

/** Finds who is credited for a booking by a rule that is no roll-up. */
export function findRecipients(rule: ReadRule, lot: Lot, sources: RecipientSources): Recipients {
  const { transaction, day } = lot.row;
  const shares = sharesOf(rule, transaction, sources);
  const payees: Recipient[] = [];
  let refused = RATIO_ZERO;
  for (const [payeeId, part] of [...shares.entries()].sort(([a], [b]) => byText(a, b))) {
    const share = ratioMultiply(part, rule.share);
    if (share.n === 0n) continue;
    const entries = sources.eligibility.get(payeeId);
    const eligible = entries === undefined || entries.some((entry) => day >= entry.start && day < entry.end && entry.matches(transaction));
    if (eligible) payees.push({ payeeId, share, part });
    else refused = ratioAdd(refused, share);
  }
  const total = payees.reduce((sum, { share }) => ratioAdd(sum, share), refused);
  const rest = ratioSubtract(RATIO_ONE, total);
  const left: { readonly reason: UncreditedAmount['reason']; readonly share: Ratio }[] = [];
  if (rest.n > 0n) left.push({ reason: shares.size === 0 ? 'no-recipient' : 'not-shared', share: rest });
  if (refused.n > 0n) left.push({ reason: 'not-eligible', share: refused });
  return { payees, left };
}

/** Shares by payee, before the share of the rule. */
function sharesOf(rule: ReadRule, transaction: FilteredTransaction, sources: RecipientSources): ReadonlyMap<string, Ratio> {
  const { recipients } = rule.rule;
  const { ownerId, splits = [], team = [], territoryId } = transaction;
  if (recipients === 'owner') return ownerOf(ownerId);
  if (recipients === 'splits' || recipients === 'overlay-splits') {
    const wanted = splits.filter((split) => split.kind === (recipients === 'splits' ? 'revenue' : 'overlay'));
    if (wanted.length === 0 && recipients === 'splits') return ownerOf(ownerId);
    return new Map(wanted.map((split) => [split.payeeId, ratioFromDecimal(canonical(split.share))]));
  }
  if ('payees' in recipients) return new Map(recipients.payees.map(({ payeeId, share }) => [payeeId, ratioFromDecimal(canonical(share))]));
  if ('role' in recipients) return divided(rule, new Set(team.filter((member) => member.role === recipients.role).map((member) => member.payeeId)));
  if ('territory' in recipients) return divided(rule, new Set(territoryId === undefined ? [] : membersOn(sources.assignments, territoryId, transaction.on, recipients.territory)));
  return new Map();
}

function ownerOf(ownerId: string | undefined): ReadonlyMap<string, Ratio> {
  return new Map(ownerId === undefined ? [] : [[ownerId, RATIO_ONE]]);
}

function divided(rule: ReadRule, payeeIds: ReadonlySet<string>): ReadonlyMap<string, Ratio> {
  const part = rule.divide === 'each' ? RATIO_ONE : { n: 1n, d: BigInt(Math.max(1, payeeIds.size)) };
  return new Map([...payeeIds].map((payeeId) => [payeeId, part]));
}
