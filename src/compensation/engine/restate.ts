/*
 * What has been closed stays as it is. A corrected run is compared with it, line by line, and only the differences come back: new lines that refer to the closed
 * ones. Closed statements may include earlier restatements; what counts is the sum of all of them.
 */

import { readDecimal } from '../../decimal/parse-decimal.js';
import { RATIO_ZERO, type Ratio, ratioAdd, ratioFromDecimal, ratioSubtract, ratioToDecimal } from '../../decimal/ratio.js';
import { type LedgerEntry, ledgerEntryOf } from '../ledger.js';
import type { ComponentTotal, LinePay, Statement, StatementLine, StatementPay } from '../statement.js';
import { moneyOfRatio } from './assemble-statements.js';

interface Group {
  readonly original: Statement;
  readonly all: readonly Statement[];
}

/** Splits a fresh run into statements of periods that are open, and restatements of those that are closed. */
export function restateStatements(
  fresh: readonly Statement[],
  closed: readonly Statement[],
  costCenterOf: (payeeId: string) => string | undefined,
): { readonly statements: readonly Statement[]; readonly ledger: readonly LedgerEntry[] } {
  const groups = groupClosed(closed);
  const statements: Statement[] = [];
  const seen = new Set<string>();
  for (const statement of fresh) {
    const key = keyOf(statement);
    const group = groups.get(key);
    seen.add(key);
    if (group === undefined) statements.push(statement);
    else pushRestatement(statements, group, statement);
  }
  for (const [key, group] of groups) if (!seen.has(key)) pushRestatement(statements, group, undefined);
  statements.sort((a, b) => byText(a.payeeId, b.payeeId) || byText(a.period.endExclusive, b.period.endExclusive) || byText(a.id, b.id));
  return { statements, ledger: statements.flatMap((statement) => statement.lines.map((line) => ledgerEntryOf(line, statement, costCenterOf(statement.payeeId)))) };
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function keyOf(statement: Statement): string {
  return [statement.payeeId, statement.period.start, statement.period.endExclusive, statement.total.currency, statement.paid?.currency ?? ''].join('\u0000');
}

function groupClosed(closed: readonly Statement[]): ReadonlyMap<string, Group> {
  const lists = new Map<string, Statement[]>();
  for (const statement of closed) {
    const list = lists.get(keyOf(statement)) ?? [];
    list.push(statement);
    lists.set(keyOf(statement), list);
  }
  const groups = new Map<string, Group>();
  for (const [key, all] of lists) {
    const sorted = [...all].sort((a, b) => byText(a.id, b.id));
    const original = sorted.find((statement) => statement.restates === undefined) ?? sorted[0];
    if (original !== undefined) groups.set(key, { original, all: sorted });
  }
  return groups;
}

function pushRestatement(into: Statement[], group: Group, fresh: Statement | undefined): void {
  const restated = restate(group, fresh);
  if (restated !== undefined) into.push(restated);
}

/** A line, or where a statement has none a component's total. */
interface Item {
  readonly key: string;
  readonly amount: Ratio;
  readonly line: StatementLine;
}

function restate(group: Group, fresh: Statement | undefined): Statement | undefined {
  const { original, all } = group;
  const { currency } = original.total;
  const byLine =
    all.every((statement) => statement.lines.length > 0 || statement.components.length === 0) && (fresh === undefined || fresh.lines.length > 0 || fresh.components.length === 0);
  const before = all.flatMap((statement) => itemsOf(statement, byLine));
  const now = fresh === undefined ? [] : itemsOf(fresh, byLine);
  const keys = [...new Set([...now, ...before].map((item) => item.key))];
  const id = `${original.id}/restatement/${all.length}`;
  const lines = keys.flatMap((key, index): readonly StatementLine[] => {
    const own = before.filter((item) => item.key === key);
    const closedSum = own.reduce((sum, item) => ratioAdd(sum, item.amount), RATIO_ZERO);
    const freshItems = now.filter((item) => item.key === key);
    const freshSum = freshItems.reduce((sum, item) => ratioAdd(sum, item.amount), RATIO_ZERO);
    const difference = ratioSubtract(freshSum, closedSum);
    const template = (freshItems[0] ?? own[0])?.line;
    const paid = paidDifference(freshItems, own);
    if ((difference.n === 0n && (paid === undefined || /^-?0*(\.0*)?$/.test(paid.amount.amount))) || template === undefined) return [];
    const { basis: _basis, rate: _rate, basisUnit: _unit, paid: _paid, memo: _memo, ...rest } = template;
    const text = (value: Ratio): string => ratioToDecimal(value) ?? '0';
    return [
      {
        ...rest,
        id: `${id}/${index + 1}`,
        amount: moneyOfRatio(difference, currency),
        ...(paid === undefined ? {} : { paid }),
        adjusts: own[0]?.line.id ?? original.id,
        trace: {
          op: 'subtract',
          label: `${template.label}: corrected less closed`,
          inputs: [
            { name: 'corrected', value: text(freshSum), unit: currency },
            { name: 'closed', value: text(closedSum), unit: currency, ...(own[0] === undefined ? {} : { source: own[0].line.id }) },
          ],
          output: text(difference),
          unit: currency,
        },
      },
    ];
  });
  if (lines.length === 0) return undefined;
  const { allowances: _allowances, ...base } = fresh ?? original;
  const allowances = lines.filter((line) => line.section === 'allowance');
  return {
    ...base,
    id,
    restates: original.id,
    lines,
    components: totalsOf(lines, currency),
    ...(allowances.length === 0 ? {} : { allowances: moneyOfRatio(sumOf(allowances), currency) }),
    total: moneyOfRatio(sumOf(lines), currency),
    ...paidTotal(base.paid, lines),
  };
}

/** What the correction comes to in the currency of pay: each statement keeps the rates it was paid at. */
function paidDifference(fresh: readonly Item[], closed: readonly Item[]): LinePay | undefined {
  const currency = [...fresh, ...closed].find((item) => item.line.paid !== undefined)?.line.paid?.amount.currency;
  if (currency === undefined) return undefined;
  const sum = (items: readonly Item[]): Ratio => items.reduce((total, item) => ratioAdd(total, amountOf(item.line.paid?.amount.amount ?? '0')), RATIO_ZERO);
  const [now, before] = [sum(fresh), sum(closed)];
  const text = (value: Ratio): string => ratioToDecimal(value) ?? '0';
  const output = ratioSubtract(now, before);
  return {
    amount: moneyOfRatio(output, currency),
    conversions: [],
    trace: {
      op: 'subtract',
      label: 'Paid out: corrected less closed',
      inputs: [
        { name: 'corrected', value: text(now), unit: currency },
        { name: 'closed', value: text(before), unit: currency },
      ],
      output: text(output),
      unit: currency,
    },
  };
}

/** The total in the currency of pay. */
function paidTotal(paid: StatementPay | undefined, lines: readonly StatementLine[]): { readonly paid?: StatementPay } {
  if (paid === undefined) return {};
  if (paid.total === null) return { paid };
  return {
    paid: {
      ...paid,
      total: moneyOfRatio(
        lines.reduce((total, line) => ratioAdd(total, amountOf(line.paid?.amount.amount ?? '0')), RATIO_ZERO),
        paid.currency,
      ),
    },
  };
}

function sumOf(lines: readonly StatementLine[]): Ratio {
  return lines.reduce((sum, line) => ratioAdd(sum, amountOf(line.amount.amount)), RATIO_ZERO);
}

function totalsOf(lines: readonly StatementLine[], currency: string): readonly ComponentTotal[] {
  const groups = new Map<string, StatementLine[]>();
  for (const line of lines) {
    const key = `${line.planId}\u0000${line.componentId}\u0000${line.section}`;
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return [...groups.values()].flatMap((own) => {
    const [first] = own;
    return first === undefined ? [] : [{ planId: first.planId, componentId: first.componentId, section: first.section, amount: moneyOfRatio(sumOf(own), currency) }];
  });
}

function amountOf(text: string): Ratio {
  const read = readDecimal(text);
  return typeof read === 'string' ? ratioFromDecimal(read) : RATIO_ZERO;
}

function itemsOf(statement: Statement, byLine: boolean): readonly Item[] {
  if (byLine) {
    return statement.lines.map((line) => ({ key: [line.planId, line.componentId, line.section, line.label].join('\u0000'), amount: amountOf(line.amount.amount), line }));
  }
  return statement.components.map((total) => ({
    key: [total.planId, total.componentId, total.section].join('\u0000'),
    amount: amountOf(total.amount.amount),
    line: {
      id: `${statement.id}/${total.planId}/${total.componentId}/${total.section}`,
      planId: total.planId,
      componentId: total.componentId,
      kind: 'total',
      section: total.section,
      label: total.componentId,
      amount: total.amount,
      dealIds: [],
      credits: [],
      trace: {
        op: 'input',
        label: total.componentId,
        inputs: [{ name: 'total', value: ratioToDecimal(amountOf(total.amount.amount)) ?? '0' }],
        output: ratioToDecimal(amountOf(total.amount.amount)) ?? '0',
      },
    },
  }));
}
