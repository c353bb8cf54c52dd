import type { Deal } from './deal.js';
import type { CustomFieldsOf, ParseDealsOptions, ParsedDeals } from './parse-deals-options.js';
import { parseRows } from './parse-deals-rows.js';

/**
 * Makes deals of the rows of a CRM export: plain objects, as a CSV parser or an API client gives them.
 *
 * Nothing is guessed and nothing is lost. A row that cannot be used (no id, an id that occurred before, a stage that is not known, a cell that cannot be read) is
 * set aside under `rejected` with its issues. A row that merely lacks something is kept, and its gap is an issue: `missing_amount` where there is no amount (it
 * stays `null`, never 0), `missing_date` where a closed deal has no close date or a deal no first day; `negative_cycle` marks a deal closed before it was created.
 *
 * @param rows - plain objects, one per deal
 * @param options - which field comes from where, and how values are written
 * @returns deals, issues, rows set aside, and what was mapped, changed and ignored
 * @throws DomainError `missing_key` | `unknown_key` | `invalid_type` | `invalid_value` | `unknown_stage` | `invalid_currency` | `invalid_time_zone` with everything
 * that is wrong with the options; never for a row
 * @example
 * ```ts
 * import { parseDeals } from 'dealwright/deals';
 * const rows = [
 *   { opportunity_id: 'A1', deal_stage: 'Won', product: 'GTXPro', close_value: '4821', close_date: '2017-03-01' },
 *   { opportunity_id: 'A2', deal_stage: 'Engaging', product: 'GTX Pro', close_value: '', close_date: '' },
 * ];
 * const { deals, issues, changes } = parseDeals(rows, {
 *   map: { id: 'opportunity_id', stageId: 'deal_stage', amount: 'close_value', closedOn: 'close_date', custom: { product: 'product' } },
 *   stages: { Won: 'closed-won', Lost: 'closed-lost' },
 *   replace: { product: { GTXPro: 'GTX Pro' } },
 *   currency: 'USD',
 * });
 * deals[0].amount; // => { amount: '4821.00', currency: 'USD' }
 * deals[0].custom; // => { product: 'GTX Pro' }
 * issues.map(({ code, path }) => [code, ...path]); // => [['missing_amount', 1, 'close_value']]
 * changes[0]; // => { field: 'custom.product', column: 'product', from: 'GTXPro', to: 'GTX Pro', rows: 1 }
 * ```
 * @category deals
 */
export function parseDeals<Row extends object, const Custom extends Readonly<Record<string, unknown>> = Record<never, never>>(
  rows: readonly Row[],
  options: ParseDealsOptions<Row, Custom>,
): ParsedDeals<CustomFieldsOf<Row, Custom>> {
  const parsed = parseRows(options, rows);
  // What a column holds is what the type of the rows says it does.
  const deals = parsed.deals as unknown as readonly Deal<CustomFieldsOf<Row, Custom>>[];
  return { ...parsed, deals };
}
