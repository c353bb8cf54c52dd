import {
  formatUnits,
  RATIO_ONE,
  RATIO_ZERO,
  type Ratio,
  ratioAdd,
  ratioDivide,
  ratioFromScaled,
  ratioMultiply,
  ratioRound,
  ratioToDecimal,
  roundedUnits,
} from '../../decimal/ratio.js';
import { createIssue, type Issue } from '../../errors/issue.js';
import { fractionDigitsOf, padAmount, unitsOf } from '../../money/canonical-amount.js';
import { exponentOf } from '../../money/currencies.js';
import type { Money } from '../../money/money.js';
import { byText } from '../../organization/validate-hierarchy.js';
import type { Credit } from '../credit.js';
import { type AppliedRules, applyRules } from './apply-rules.js';
import { createTotalBook, type TotalBook } from './control-totals.js';
import { AMOUNT, creditFields, type Figure, figureAt, figuresOf } from './credited-figures.js';
import type { CreditingResult, SetAsideTransaction, UncreditedAmount } from './crediting-result.js';
import type { CreditDealsOptions } from './crediting-rule.js';
import { divideUnits, shareOfUnits } from './divide-units.js';
import { findRecipients, type Recipients } from './find-recipients.js';
import { type AsideReason, canonical, creditedFraction, followDeal, type Lot, type LotEvent, type Row } from './follow-deal.js';
import { type ReadCrediting, readCreditingOptions, readTransactions } from './read-crediting.js';
import type { Transaction } from './transaction.js';
import { type ReadRule, weightOf } from './validate-crediting-rules.js';

/**
 * Turns bookings, invoices, payments and cancellations into credits, by rules.
 *
 * - **Which rule.** Of the direct rules that hold for a booking one applies: the highest priority, then the most specific (conditions on more fields), then the
 *   oldest. Two that nothing tells apart are an issue, and the booking is set aside. Overlays and roll-ups apply on top, each for itself unless they name a group.
 * - **How much.** What sellers share sums to the sale exactly, in the currency's minor unit: shares are cut, and the units left over go to the largest remainders,
 *   of equal ones to the payee whose id comes first. Overlays are each rounded half away from zero. Margin, recurring values, units and `values` are divided alike.
 * - **When.** With the booking, or in stages as it is invoiced and paid ({@link CreditDealsOptions}). Each payee's credit to date is rounded half away from zero and
 *   the credit is what it grew by, so that the last stage takes the residue and all stages sum to the whole.
 * - **Whose manager.** Roll-ups read the hierarchy as of the day of each credit. A cancellation takes back from whoever was credited.
 * - **Quota credit.** Where a rule has `quotaWeights`, or stages quota credit alone, every credit has a `quotaCredit` beside its `amount`: measure attainment by
 *   `{ sum: 'quotaCredit' }` and pay on `{ sum: 'amount' }`. A sale that is credited in stages is several credits of one deal: count deals.
 *
 * Pass all transactions of a deal each time, those of earlier periods too: credits have stable ids and come out the same, so that only those of the new period
 * need be passed on. A deposit that comes before its booking is credited with it. In a deal without any booking, invoices (or payments) are credited by themselves if
 * they are the only stage of `creditOn`, to those they name. When money is paid out is a matter of the plan, not of crediting.
 *
 * @param transactions - bookings, invoices, payments, cancellations, in any order
 * @param options - rules, and what they look things up in
 * @returns credits, what is credited to nobody or set aside, control totals, issues
 * @throws DomainError with everything that is wrong with rules, hierarchy, territories or schedule; a transaction that is wrong is an issue beside the results
 * @example
 * ```ts
 * import { creditDeals } from 'dealwright/compensation';
 * const amount = { amount: '1000.01', currency: 'USD' };
 * const splits = [{ payeeId: 'ann', kind: 'revenue', share: '0.5' }, { payeeId: 'bob', kind: 'revenue', share: '0.5' }] as const;
 * const result = creditDeals([{ id: 't1', type: 'booking', dealId: 'd1', on: '2026-02-14', amount, splits, team: [{ payeeId: 'sue', role: 'se' }] }], {
 *   rules: [
 *     { id: 'sellers', recipients: 'splits' },
 *     { id: 'engineers', type: 'overlay', recipients: { role: 'se' }, share: '0.3' },
 *     { id: 'managers', recipients: { rollUp: { levels: 1 } } },
 *   ],
 *   hierarchy: { reports: [{ memberId: 'ann', managerId: 'max', from: '2026-01-01' }, { memberId: 'bob', managerId: 'max', from: '2026-01-01' }] },
 * });
 * result.credits.map((credit) => `${credit.payeeId} ${credit.type} ${credit.amount?.amount}`); // => ['sue overlay 300.00', 'max indirect 1000.01', 'ann direct 500.01', 'bob direct 500.00']
 * result.controlTotals[0]?.direct; // => { amount: '1000.01', currency: 'USD' }
 * ```
 * @category compensation
 */
export function creditDeals(transactions: readonly Transaction[], options: CreditDealsOptions): CreditingResult {
  const issues: Issue[] = [];
  const crediting = readCreditingOptions(options, issues);
  const totals = createTotalBook();
  const credits: Credit[] = [];
  const uncredited: UncreditedAmount[] = [];
  const aside: SetAsideTransaction[] = [];
  const setAside = (transactionId: string | null, type: unknown, amount: Money | null, reason: SetAsideTransaction['reason']): void => {
    aside.push({ transactionId, amount, reason });
    if (amount === null || (type !== 'booking' && type !== 'cancellation')) return;
    for (const name of ['bookings', 'setAside'] as const) addMoney(totals, amount, name);
  };
  const deals = readTransactions(transactions, crediting, issues, setAside);
  const followed = followOptions(crediting, issues, (row, reason) => setAside(row.transaction.id, row.transaction.type, row.transaction.amount, reason));
  const withQuota = crediting.rules.some((rule) => rule.weights.length > 0 || rule.rule.staged === 'quota');
  for (const rows of deals.values()) {
    const states = new Map<Lot, LotState>();
    const kept = new Set<Row>();
    for (const event of followDeal(rows, followed)) {
      const known = states.get(event.lot);
      const state = known ?? lotState(event.lot, crediting, withQuota, issues);
      if (known === undefined) states.set(event.lot, state);
      if (known === undefined) addMoney(totals, event.lot.row.transaction.amount, 'bookings');
      else if (event.row.transaction.type === 'cancellation' && !kept.has(event.row)) {
        kept.add(event.row);
        addMoney(totals, event.row.transaction.amount, 'bookings');
      }
      creditEvent(event, state, crediting, credits, totals);
    }
    for (const state of states.values()) closeLot(state, uncredited, aside, totals);
  }
  return {
    credits: credits.sort((a, b) => byText(a.on, b.on) || byText(a.dealId ?? '', b.dealId ?? '') || byText(a.id, b.id)),
    uncredited: uncredited.sort((a, b) => byText(a.on, b.on) || byText(a.transactionId, b.transactionId) || byText(a.reason, b.reason)),
    setAside: aside.sort((a, b) => byText(a.transactionId ?? '', b.transactionId ?? '') || byText(a.reason, b.reason) || byText(a.amount?.amount ?? '', b.amount?.amount ?? '')),
    controlTotals: totals.list(),
    issues: issues.sort((a, b) => Number(a.path[1] ?? -1) - Number(b.path[1] ?? -1)),
  };
}

function addMoney(totals: TotalBook, money: Money, name: 'bookings' | 'setAside'): void {
  const amount = canonical(money.amount);
  const scale = Math.max(exponentOf(money.currency), fractionDigitsOf(amount));
  totals.add(money.currency, name, unitsOf(amount, scale), scale);
}

function moneyOf(units: bigint, scale: number, currency: string): Money {
  return { amount: padAmount(formatUnits(units, scale), exponentOf(currency)), currency };
}

/** What following a deal needs to know of the rules. */
function followOptions(crediting: ReadCrediting, issues: Issue[], setAside: (row: Row, reason: AsideReason) => void): Parameters<typeof followDeal>[1] {
  const schedules = [crediting.schedule, ...crediting.rules.flatMap((rule) => (rule.schedule === undefined ? [] : [rule.schedule]))];
  const used = new Set(schedules.flatMap((schedule) => schedule.map((stage) => stage.on)));
  const [only, ...more] = crediting.schedule;
  return {
    used,
    standalone: only === undefined || more.length > 0 || only.on === 'booking' ? undefined : only.on,
    setAside: (row, reason) => {
      issues.push(asideIssue(row, reason));
      setAside(row, reason);
    },
    beyond: (row) => {
      issues.push(
        createIssue('out_of_range', ['transactions', row.index, 'amount'], {
          message: 'More was invoiced or paid than was booked; what goes beyond the booking is not credited.',
          expected: 'at most what is booked and not yet invoiced or paid',
          received: row.transaction.amount.amount,
        }),
      );
    },
  };
}

function asideIssue(row: Row, reason: AsideReason): Issue {
  const { transaction, index } = row;
  const path = ['transactions', index];
  if (reason === 'currency-mismatch')
    return createIssue('currency_mismatch', [...path, 'amount', 'currency'], { expected: 'the currency of the deal', received: transaction.amount.currency });
  if (reason === 'invalid') {
    return createIssue('precision_exceeded', [...path, 'amount'], {
      expected: 'no more fraction digits than the first booking of the deal, or the currency',
      received: transaction.amount.amount,
    });
  }
  if (reason === 'exceeds-booking') {
    return createIssue('out_of_range', [...path, 'amount'], {
      message: 'More is taken back than is booked.',
      expected: 'at most what is booked',
      received: transaction.amount.amount,
    });
  }
  return createIssue('missing_booking', path, { expected: 'a booking of the same deal', received: transaction.refersTo ?? transaction.dealId ?? transaction.id });
}

/** Credit to date of somebody by a rule. */
interface CreditAccount {
  readonly rule: ReadRule;
  readonly payeeId: string;
  /** Whole units by figure. */
  toDate: readonly bigint[];
  /** The first credit, which reversals refer to. */
  firstId: string | undefined;
}

/** What managers have been credited with by a roll-up, for one seller at one level. */
interface RolledUp {
  readonly byManager: Map<string, readonly bigint[]>;
}

/** A booking while its credits grow. */
interface LotState {
  readonly lot: Lot;
  readonly figures: readonly Figure[];
  readonly applied: AppliedRules;
  readonly direct: Recipients;
  readonly others: readonly { readonly rule: ReadRule; readonly recipients: Recipients }[];
  readonly weights: ReadonlyMap<ReadRule, Ratio>;
  readonly accounts: Map<string, CreditAccount>;
  readonly rolledUp: Map<string, RolledUp>;
  /** Sellers' parts of the sale that have been credited, by payee: their share also where everybody is credited with the whole. */
  readonly parts: Map<string, readonly bigint[]>;
  base: bigint;
}

function lotState(lot: Lot, crediting: ReadCrediting, withQuota: boolean, issues: Issue[]): LotState {
  const applied = applyRules(lot, crediting, issues);
  const others = applied.others.map((rule) => ({ rule, recipients: findRecipients(rule, lot, crediting) }));
  const rules = [...(applied.direct === undefined ? [] : [applied.direct]), ...applied.others];
  return {
    lot,
    figures: figuresOf(lot, withQuota),
    applied,
    direct: applied.direct === undefined ? { payees: [], left: [] } : findRecipients(applied.direct, lot, crediting),
    others,
    weights: new Map(rules.map((rule) => [rule, weightOf(rule.weights, lot.row.transaction)])),
    accounts: new Map(),
    rolledUp: new Map(),
    parts: new Map(),
    base: lot.base,
  };
}

/** Growth of somebody's credit at an event, which roll-ups take up. */
interface Growth {
  readonly type: 'direct' | 'overlay';
  readonly payeeId: string;
  readonly delta: readonly bigint[];
  /** Amount credited before, in whole units. */
  readonly before: bigint;
}

function creditEvent(event: LotEvent, state: LotState, crediting: ReadCrediting, credits: Credit[], totals: TotalBook): void {
  state.base = event.base;
  const growth: Growth[] = [];
  /** At most this much is credited to a manager once: the sale, as far as it is credited. */
  const limit: bigint[] = state.figures.map(() => 0n);
  const { direct } = state.applied;
  if (direct !== undefined) creditSellers(event, state, { rule: direct, crediting, credits, totals, growth, limit });
  for (const { rule, recipients } of state.others) creditOthers(event, state, { rule, recipients, crediting, credits, totals, growth, limit });
  for (const rule of state.applied.rollUps) rollUp(event, state, { rule, crediting, credits, totals, growth, limit });
}

interface EventWork {
  readonly rule: ReadRule;
  readonly crediting: ReadCrediting;
  readonly credits: Credit[];
  readonly totals: TotalBook;
  readonly growth: Growth[];
  readonly limit: bigint[];
}

/** The fraction of each figure that has come. */
function fractions(event: LotEvent, state: LotState, rule: ReadRule, crediting: ReadCrediting): readonly Ratio[] {
  const fraction = creditedFraction(event, rule.schedule ?? crediting.schedule);
  return state.figures.map((figure) => (rule.rule.staged === 'quota' && figure.name !== 'quotaCredit' ? RATIO_ONE : fraction));
}

/** The figures of the whole sale, as it is still booked. */
function wholeOf(state: LotState, rule: ReadRule, base: bigint): readonly bigint[] {
  const weight = state.weights.get(rule) ?? RATIO_ONE;
  return state.figures.map((figure) => figureAt(figure, state.lot, base, weight));
}

function raiseLimit(limit: bigint[], whole: readonly bigint[], come: readonly Ratio[]): void {
  whole.forEach((units, index) => {
    const reached = shareOfUnits(units, come[index] ?? RATIO_ZERO);
    if (magnitude(reached) > magnitude(limit[index] ?? 0n)) limit[index] = reached;
  });
}

function magnitude(units: bigint): bigint {
  return units < 0n ? -units : units;
}

function creditSellers(event: LotEvent, state: LotState, work: EventWork): void {
  const { rule, crediting, totals, growth, limit } = work;
  const come = fractions(event, state, rule, crediting);
  const whole = wholeOf(state, rule, event.base);
  raiseLimit(limit, whole, come);
  const divided = divideWhole(whole, state.direct);
  const { currency } = state.lot.row.transaction.amount;
  state.direct.payees.forEach(({ payeeId, share, part }, place) => {
    const own = divided.map((parts, index) => shareOfUnits(parts[place] ?? 0n, come[index] ?? RATIO_ZERO));
    const before = state.parts.get(payeeId) ?? own.map(() => 0n);
    const delta = own.map((units, index) => units - (before[index] ?? 0n));
    state.parts.set(payeeId, own);
    totals.add(currency, 'direct', delta[AMOUNT] ?? 0n, state.lot.scale);
    growth.push({ type: 'direct', payeeId, delta, before: before[AMOUNT] ?? 0n });
    if (rule.rule.split !== 'payout') post(event, state, work, { payeeId, toDate: own, share });
    else {
      const all = whole.map((units, index) => shareOfUnits(shareOfUnits(units, rule.share), come[index] ?? RATIO_ZERO));
      post(event, state, work, { payeeId, toDate: all, share, payoutShare: part });
    }
  });
}

/** Every figure divided among those credited and what is left, without loss. */
function divideWhole(whole: readonly bigint[], recipients: Recipients): readonly (readonly bigint[])[] {
  const shares = [...recipients.payees, ...recipients.left].map(({ share }) => share);
  return whole.map((units) => divideUnits(units, shares));
}

function creditOthers(event: LotEvent, state: LotState, work: EventWork & { readonly recipients: Recipients }): void {
  const { rule, recipients, crediting, growth, limit } = work;
  const come = fractions(event, state, rule, crediting);
  const whole = wholeOf(state, rule, event.base);
  if (rule.type === 'overlay') raiseLimit(limit, whole, come);
  const total = recipients.payees.reduce((sum, { share }) => ratioAdd(sum, share), RATIO_ZERO);
  const together = rule.divide === 'equally' && total.n > 0n;
  const divided = whole.map((units) =>
    together
      ? divideUnits(
          shareOfUnits(units, total),
          recipients.payees.map(({ share }) => ratioDivide(share, total)),
        )
      : recipients.payees.map(({ share }) => shareOfUnits(units, share)),
  );
  recipients.payees.forEach(({ payeeId, share }, place) => {
    const toDate = divided.map((parts, index) => shareOfUnits(parts[place] ?? 0n, come[index] ?? RATIO_ZERO));
    const delta = post(event, state, work, { payeeId, toDate, share });
    if (rule.type === 'overlay') growth.push({ type: 'overlay', payeeId, delta, before: (toDate[AMOUNT] ?? 0n) - (delta[AMOUNT] ?? 0n) });
  });
}

/** A credit to date, which is posted by what it grew. */
interface ToDate {
  readonly payeeId: string;
  readonly toDate: readonly bigint[];
  readonly share?: Ratio;
  readonly payoutShare?: Ratio;
  /** Of a roll-up without de-duplication: for whom. */
  readonly through?: string;
}

/** Writes the credit, if there is anything in it, and gives what it is. */
function post(event: LotEvent, state: LotState, work: EventWork, entry: ToDate): readonly bigint[] {
  const { rule, credits, totals } = work;
  const { lot, figures } = state;
  const { payeeId, toDate, share, payoutShare, through } = entry;
  const key = [rule.id, payeeId, through ?? ''].map(escaped).join('/');
  const account: CreditAccount = state.accounts.get(key) ?? { rule, payeeId, toDate: figures.map(() => 0n), firstId: undefined };
  state.accounts.set(key, account);
  const delta = toDate.map((units, index) => units - (account.toDate[index] ?? 0n));
  const first = account.firstId === undefined;
  account.toDate = toDate;
  const come = rule.rollUp !== undefined || creditedFraction(event, rule.schedule ?? work.crediting.schedule).n > 0n || rule.rule.staged === 'quota';
  // A sale for nothing is still a sale: it is credited once, so that it can be counted.
  if (delta.every((units) => units === 0n) && !(first && come && rule.rollUp === undefined)) return delta;
  const id = [event.row.transaction.id, ...(event.row === lot.row ? [] : [lot.row.transaction.id]), rule.id, payeeId, ...(through === undefined ? [] : [through])]
    .map(escaped)
    .join('/');
  const amount = delta[AMOUNT] ?? 0n;
  const reverses = !first && amount < 0n !== lot.booked < 0n && amount !== 0n;
  credits.push({
    id,
    payeeId,
    ...describeSale(lot, event),
    ...creditFields(figures, delta, lot.row.transaction.amount.currency),
    type: rule.type,
    ...(share === undefined ? {} : { share: shareText(share) }),
    ...(payoutShare === undefined ? {} : { payoutShare: shareText(payoutShare) }),
    ...(rule.rule.componentIds === undefined ? {} : { componentIds: rule.rule.componentIds }),
    ...(reverses && account.firstId !== undefined ? { refersTo: account.firstId } : {}),
    attributes: attributesOf(lot, event, rule),
  });
  account.firstId ??= id;
  if (rule.type !== 'direct') totals.add(lot.row.transaction.amount.currency, rule.type, amount, lot.scale);
  return delta;
}

/** An id within an id: the separator cannot be mistaken. */
function escaped(id: string): string {
  return id.replace(/%/g, '%25').replace(/\//g, '%2F');
}

function shareText(share: Ratio): string {
  const text = ratioToDecimal(share);
  return text !== null && fractionDigitsOf(text) <= 12 ? text : (ratioToDecimal(ratioRound(share, { scale: 12, mode: 'half-even' })) ?? '0');
}

function describeSale(lot: Lot, event: LotEvent): Pick<Credit, 'on' | 'dealId'> {
  const { dealId, kind, productId, market, territoryId, accountId, termMonths } = lot.row.transaction;
  const { on, recordedAt } = event.row.transaction;
  return {
    on,
    ...(dealId === undefined ? {} : { dealId }),
    ...(kind === undefined ? {} : { kind }),
    ...(productId === undefined ? {} : { productId }),
    ...(market === undefined ? {} : { market }),
    ...(territoryId === undefined ? {} : { territoryId }),
    ...(accountId === undefined ? {} : { accountId }),
    ...(termMonths === undefined ? {} : { termMonths }),
    ...(recordedAt === undefined ? {} : { recordedAt }),
  };
}

/** The sale's own fields, and where the credit comes from. */
function attributesOf(lot: Lot, event: LotEvent, rule: ReadRule): NonNullable<Credit['attributes']> {
  const { attributes, source, lineItemId } = lot.row.transaction;
  return {
    ...attributes,
    ...(source === undefined ? {} : { source }),
    ...(lineItemId === undefined ? {} : { lineItemId }),
    creditingRule: rule.id,
    transactionType: event.row.transaction.type,
  };
}

/** Credits managers for what the event credited to their people, or takes back from those who had it. */
function rollUp(event: LotEvent, state: LotState, work: EventWork): void {
  const { rule, crediting, growth, limit } = work;
  const { rollUp: settings } = rule;
  if (settings === undefined) return;
  for (const { type, payeeId, delta, before: credited } of growth) {
    if (settings.of !== 'all' && settings.of !== type) continue;
    if (delta.every((units) => units === 0n)) continue;
    const managers = crediting.hierarchy.managersOf(payeeId, event.row.transaction.on).slice(0, settings.levels);
    const mirrored = event.row.transaction.type === 'cancellation' || ((delta[AMOUNT] ?? 0n) !== 0n && (delta[AMOUNT] ?? 0n) < 0n !== state.lot.booked < 0n);
    const known = mirrored ? knownLevels(state, rule, type, payeeId) : 0;
    for (let level = 1; level <= Math.max(managers.length, known); level += 1) {
      const rolled = rolledUpOf(state, rule, type, payeeId, level);
      const before = [...rolled.byManager.entries()].filter(([, units]) => (units[AMOUNT] ?? 0n) !== 0n);
      const sum = before.reduce((total, [, units]) => total + magnitude(units[AMOUNT] ?? 0n), 0n);
      if (mirrored) {
        if (sum === 0n) continue;
        // What was credited while there was no manager is taken back from nobody.
        const whole = magnitude(credited) > sum ? magnitude(credited) : sum;
        const shares = [...before.map(([, units]) => ({ n: magnitude(units[AMOUNT] ?? 0n), d: whole })), { n: whole - sum, d: whole }];
        const divided = delta.map((units) => divideUnits(units, shares));
        before.forEach(([manager], place) => {
          addTo(
            rolled,
            manager,
            divided.map((parts) => parts[place] ?? 0n),
          );
        });
      } else {
        const manager = managers[level - 1];
        if (manager !== undefined && level <= settings.levels) addTo(rolled, manager, delta);
      }
    }
  }
  postRolledUp(event, state, work, limit);
}

/** A key whose parts can be told apart. */
function rolledKey(rule: ReadRule, type: string, payeeId: string, level: number): string {
  return `${[rule.id, type, payeeId].map(escaped).join('/')}/${level}`;
}

function rolledUpOf(state: LotState, rule: ReadRule, type: string, payeeId: string, level: number): RolledUp {
  const key = rolledKey(rule, type, payeeId, level);
  const rolled = state.rolledUp.get(key) ?? { byManager: new Map<string, readonly bigint[]>() };
  state.rolledUp.set(key, rolled);
  return rolled;
}

function knownLevels(state: LotState, rule: ReadRule, type: string, payeeId: string): number {
  let level = 0;
  while (state.rolledUp.has(rolledKey(rule, type, payeeId, level + 1))) level += 1;
  return level;
}

function addTo(rolled: RolledUp, manager: string, units: readonly bigint[]): void {
  const before = rolled.byManager.get(manager);
  rolled.byManager.set(manager, before === undefined ? units : units.map((value, index) => value + (before[index] ?? 0n)));
}

/** Brings the managers' credits to what was rolled up to them, each deal once if so wanted. */
function postRolledUp(event: LotEvent, state: LotState, work: EventWork, limit: readonly bigint[]): void {
  const { rule } = work;
  const settings = rule.rollUp;
  if (settings === undefined) return;
  const own = rolledEntries(state, rule);
  const groups = new Map<string, { readonly manager: string; readonly through?: string; readonly levels: Map<number, readonly bigint[]> }>();
  for (const { seller, level, manager, units } of own) {
    const key = settings.deduplicate ? manager : `${escaped(manager)}/${escaped(seller)}`;
    const group = groups.get(key) ?? { manager, ...(settings.deduplicate ? {} : { through: seller }), levels: new Map<number, readonly bigint[]>() };
    const before = group.levels.get(level);
    group.levels.set(level, before === undefined ? units : units.map((value, index) => value + (before[index] ?? 0n)));
    groups.set(key, group);
  }
  for (const { manager, through, levels } of [...groups.values()].sort((a, b) => byText(a.manager, b.manager) || byText(a.through ?? '', b.through ?? ''))) {
    const toDate = state.figures.map((_, index) => {
      let room = settings.deduplicate ? (limit[index] ?? 0n) : undefined;
      let exact = RATIO_ZERO;
      for (const [level, units] of [...levels.entries()].sort(([a], [b]) => a - b)) {
        const wanted = units[index] ?? 0n;
        const taken = room === undefined || magnitude(wanted) <= magnitude(room) ? wanted : room;
        if (room !== undefined) room -= taken;
        exact = ratioAdd(exact, ratioMultiply(ratioFromScaled(taken, 0), ratioMultiply(settings.shareOf(level), rule.share)));
      }
      return roundedUnits(exact, 0, 'half-up');
    });
    post(event, state, work, { payeeId: manager, toDate, ...(through === undefined ? {} : { through }) });
  }
}

function rolledEntries(
  state: LotState,
  rule: ReadRule,
): readonly { readonly seller: string; readonly level: number; readonly manager: string; readonly units: readonly bigint[] }[] {
  const prefix = `${escaped(rule.id)}/`;
  return [...state.rolledUp.entries()]
    .filter(([key]) => key.startsWith(prefix))
    .flatMap(([key, rolled]) => {
      const [, , seller = '', level = '1'] = key.split('/');
      return [...rolled.byManager.entries()].map(([manager, units]) => ({ seller: seller.replace(/%2F/g, '/').replace(/%25/g, '%'), level: Number(level), manager, units }));
    });
}

/** What is left of a booking at the end: uncredited, pending or set aside. */
function closeLot(state: LotState, uncredited: UncreditedAmount[], aside: SetAsideTransaction[], totals: TotalBook): void {
  const { lot, base, applied, direct } = state;
  const { transaction } = lot.row;
  const { currency } = transaction.amount;
  const leave = (units: bigint, reason: UncreditedAmount['reason']): void => {
    // A sale that was wholly taken back leaves nothing.
    if (units === 0n && lot.booked !== 0n) return;
    totals.add(currency, 'uncredited', units, lot.scale);
    uncredited.push({
      transactionId: transaction.id,
      ...(transaction.dealId === undefined ? {} : { dealId: transaction.dealId }),
      on: transaction.on,
      amount: moneyOf(units, lot.scale, currency),
      reason,
      ...(applied.direct === undefined ? {} : { ruleId: applied.direct.id }),
    });
  };
  if (applied.ambiguous) {
    totals.add(currency, 'setAside', base, lot.scale);
    aside.push({ transactionId: transaction.id, amount: moneyOf(base, lot.scale, currency), reason: 'ambiguous' });
    return;
  }
  if (applied.direct === undefined) {
    leave(base, 'no-rule');
    return;
  }
  const [amounts = []] = divideWhole([base], direct);
  direct.payees.forEach(({ payeeId }, place) => {
    totals.add(currency, 'pending', (amounts[place] ?? 0n) - (state.parts.get(payeeId)?.[AMOUNT] ?? 0n), lot.scale);
  });
  direct.left.forEach(({ reason }, place) => {
    leave(amounts[direct.payees.length + place] ?? 0n, reason);
  });
}
