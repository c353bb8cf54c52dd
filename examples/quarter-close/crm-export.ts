/* Reads a CRM export: four CSV files in a folder → deals, with everything that was odd about them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { type ParsedDeals, parseDeals } from 'dealwright/deals';
import { definePipeline } from 'dealwright/pipelines';

/** The stages of the export. It states no probabilities; they are learned from the deals that closed. */
export const crmPipeline = definePipeline({
  id: 'crm',
  label: 'CRM export',
  stages: [
    { id: 'prospecting', label: 'Prospecting' },
    { id: 'engaging', label: 'Engaging' },
    { id: 'closed-won', label: 'Won', kind: 'won' },
    { id: 'closed-lost', label: 'Lost', kind: 'lost' },
  ],
});

/** A row of a CSV file. */
export type Row = Readonly<Record<string, string>>;

/** What the folder holds. */
export interface CrmExport {
  readonly parsed: ParsedDeals<{ product: unknown }>;
  /** Every seller on the team list, deals or not. */
  readonly sellers: readonly { readonly name: string; readonly manager: string; readonly region: string }[];
  /** List price by product. */
  readonly prices: ReadonlyMap<string, string>;
  readonly currency: 'USD';
}

function readRows(folder: string, file: string): readonly Row[] {
  return parse<Row>(readFileSync(join(folder, file), 'utf8'), { columns: true, skip_empty_lines: true, bom: true, trim: true });
}

/** The spellings of products that differ from the price list in blanks and case only. */
function spellings(rows: readonly Row[], products: readonly string[]): Record<string, string> {
  const fold = (text: string): string => text.toLowerCase().replace(/\s+/g, '');
  const known = new Map(products.map((product) => [fold(product), product]));
  const found: Record<string, string> = {};
  for (const { product } of rows) {
    const listed = product === undefined ? undefined : known.get(fold(product));
    if (product !== undefined && listed !== undefined && listed !== product) found[product] = listed;
  }
  return found;
}

/** Reads the files `sales_pipeline.csv`, `sales_teams.csv` and `products.csv` of a folder. */
export function readCrmExport(folder: string): CrmExport {
  const rows = readRows(folder, 'sales_pipeline.csv');
  const products = readRows(folder, 'products.csv');
  const parsed = parseDeals(rows, {
    map: {
      id: 'opportunity_id',
      ownerId: 'sales_agent',
      accountId: 'account',
      stageId: 'deal_stage',
      createdOn: 'engage_date',
      closedOn: 'close_date',
      amount: 'close_value',
      custom: { product: 'product' },
    },
    stages: { Prospecting: 'prospecting', Engaging: 'engaging', Won: 'closed-won', Lost: 'closed-lost' },
    pipeline: crmPipeline,
    replace: {
      product: spellings(
        rows,
        products.map((row) => row['product'] ?? ''),
      ),
    },
    currency: 'USD',
  });
  return {
    parsed,
    sellers: readRows(folder, 'sales_teams.csv').map((row) => ({ name: row['sales_agent'] ?? '', manager: row['manager'] ?? '', region: row['regional_office'] ?? '' })),
    prices: new Map(products.map((row) => [row['product'] ?? '', row['sales_price'] ?? ''])),
    currency: 'USD',
  };
}
