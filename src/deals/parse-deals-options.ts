import type { Issue } from '../errors/issue.js';
import type { Deal, DealStatus } from './deal.js';

/**
 * The columns of rows of a type; of rows whose columns are not known beforehand, any text.
 *
 * @category deals
 */
export type ColumnOf<Row> = string extends keyof Row ? string : Extract<keyof Row, string>;

/**
 * Where a field comes from: a column of the row, or a function of the row. Empty text, `null` and a missing column all mean that the field is absent.
 *
 * @category deals
 */
export type DealFieldSource<Row> = ColumnOf<Row> | ((row: Row) => unknown);

/**
 * Where your own fields come from, by their name under `custom`.
 *
 * @category deals
 */
export type CustomFieldSources<Row> = Readonly<Record<string, DealFieldSource<Row>>>;

/**
 * Your own fields as they come out of rows: what the column holds or the function returns, `null` where it is absent.
 *
 * @category deals
 */
export type CustomFieldsOf<Row, Sources> = {
  readonly [Field in keyof Sources]: Sources[Field] extends (row: never) => infer Value
    ? Exclude<Value, undefined> | null
    : Sources[Field] extends keyof Row
      ? Exclude<Row[Sources[Field]], undefined> | null
      : unknown;
};

/**
 * Where the parts of a recurring value come from.
 *
 * @category deals
 */
export interface RecurringFieldMap<Row> {
  /** Monthly recurring revenue. */
  readonly mrr?: DealFieldSource<Row>;
  /** Annual recurring revenue. */
  readonly arr?: DealFieldSource<Row>;
  /** Annual contract value. */
  readonly acv?: DealFieldSource<Row>;
  /** Total contract value. */
  readonly tcv?: DealFieldSource<Row>;
  /** Length of the contract in whole months. */
  readonly termMonths?: DealFieldSource<Row>;
}

/**
 * Where each field of a deal comes from. Only `id` and `stageId` must be there.
 *
 * @category deals
 */
export interface DealFieldMap<Row, Custom extends Readonly<Record<string, unknown>> = Record<never, never>> {
  /** Id of the deal: text or whole number. */
  readonly id: DealFieldSource<Row>;
  /** Stage, in the CRM's own words; see `stages` and `pipeline` for what they mean. */
  readonly stageId: DealFieldSource<Row>;
  /** What the deal is called. */
  readonly name?: DealFieldSource<Row>;
  /** The customer. */
  readonly accountId?: DealFieldSource<Row>;
  /** The owner. */
  readonly ownerId?: DealFieldSource<Row>;
  /** The pipeline, where rows of several are mixed. */
  readonly pipelineId?: DealFieldSource<Row>;
  /** Open, won, lost or deleted, where the CRM says so apart from the stage; it then prevails over what the stage says. See `statuses`. */
  readonly status?: DealFieldSource<Row>;
  /** Value of the deal. */
  readonly amount?: DealFieldSource<Row>;
  /** Currency of the amounts of the row. */
  readonly currency?: DealFieldSource<Row>;
  /** The deal's own probability. */
  readonly probability?: DealFieldSource<Row>;
  /** First day of the sales cycle. */
  readonly createdOn?: DealFieldSource<Row>;
  /** When it should close. */
  readonly expectedCloseOn?: DealFieldSource<Row>;
  /** When it closed. Where a CRM keeps both in one column, map both to it: an open deal takes only `expectedCloseOn`. */
  readonly closedOn?: DealFieldSource<Row>;
  /** The forecast category picked. */
  readonly forecastCategory?: DealFieldSource<Row>;
  /** New, expansion or renewal. */
  readonly kind?: DealFieldSource<Row>;
  /** Where the deal came from. */
  readonly source?: DealFieldSource<Row>;
  /** Business, consumer or government. */
  readonly market?: DealFieldSource<Row>;
  /** Why it was lost. */
  readonly lossReason?: DealFieldSource<Row>;
  /** Recurring revenue. */
  readonly recurring?: RecurringFieldMap<Row>;
  /** Line items: a list in the shape of {@link LineItem}. */
  readonly lineItems?: DealFieldSource<Row>;
  /** Splits: a list in the shape of {@link DealSplit}. */
  readonly splits?: DealFieldSource<Row>;
  /** Stakeholders: a list in the shape of {@link Stakeholder}. */
  readonly stakeholders?: DealFieldSource<Row>;
  /** Activities: a list in the shape of {@link Activity}. */
  readonly activities?: DealFieldSource<Row>;
  /** History: a list in the shape of {@link DealEvent}. */
  readonly history?: DealFieldSource<Row>;
  /** Your own fields: `{ region: 'regional_office' }` puts the column `regional_office` under `custom.region`. */
  readonly custom?: Custom & CustomFieldSources<Row>;
}

/**
 * A date field of a deal.
 *
 * @category deals
 */
export type DealDateField = 'createdOn' | 'expectedCloseOn' | 'closedOn';

/**
 * How dates are written: `iso` is `YYYY-MM-DD`, and instants with an offset if a time zone is given; `m/d/yyyy` and `d/m/yyyy` also take points and hyphens;
 * `epoch-ms` is milliseconds since 1970 and needs a time zone.
 *
 * @category deals
 */
export type DealDateFormat = 'iso' | 'm/d/yyyy' | 'd/m/yyyy' | 'epoch-ms';

/**
 * How amounts are written: `plain` is `1250.50`, `en` is `1,250.50`, `eu` is `1.250,50` (both also without separators of thousands).
 *
 * @category deals
 */
export type DealAmountFormat = 'plain' | 'en' | 'eu';

/**
 * A stage, and the status of the deals in it.
 *
 * @category deals
 */
export interface MappedStage {
  /** Id of the stage. */
  readonly stageId: string;
  /** Default: what the pipeline says of the stage. */
  readonly status?: DealStatus;
}

/**
 * What a stage name of the CRM stands for: the id of a stage, or that and a status.
 *
 * @category deals
 */
export type StageMapping = string | MappedStage;

/**
 * A stage of a pipeline as far as reading deals goes.
 *
 * @category deals
 */
export interface DealPipelineStage {
  /** Id of the stage. */
  readonly id: string;
  /** Whether deals in it are open, won or lost. Default open. */
  readonly kind?: 'open' | 'won' | 'lost';
}

/**
 * A pipeline as far as reading deals goes; the pipelines of `dealwright/pipelines` fit.
 *
 * @category deals
 */
export interface DealPipeline {
  /** Id of the pipeline. */
  readonly id: string;
  /** Its stages. */
  readonly stages: readonly DealPipelineStage[];
}

/**
 * How rows become deals.
 *
 * @category deals
 */
export interface ParseDealsOptions<Row = Record<string, unknown>, Custom extends Readonly<Record<string, unknown>> = Record<never, never>> {
  /** Which field comes from which column. */
  readonly map: DealFieldMap<Row, Custom>;
  /**
   * What the CRM's stage names mean: `{ Won: 'closed-won' }`, or with a status `{ 'Signed!': { stageId: 'signed', status: 'won' } }`. Names that are not here are
   * taken for stage ids: with a `pipeline`, they must be among its stages; without one, `closed-won` and `closed-lost` are closed, a name that sounds closed is
   * refused, and any other is an open stage. What was taken for what is told in the result.
   */
  readonly stages?: Readonly<Record<string, StageMapping>>;
  /** What the CRM's status values mean, if `status` is mapped: `{ active: 'open' }`. */
  readonly statuses?: Readonly<Record<string, DealStatus>>;
  /** The pipeline: which stages there are, and which of them are won or lost. */
  readonly pipeline?: DealPipeline;
  /** Pipeline of rows that do not name one. Default: that of `pipeline`, else `b2b`, the default pipeline of this library. */
  readonly pipelineId?: string;
  /** Currency of rows that do not name one. */
  readonly currency?: string;
  /** How dates are written, for all date columns or one by one. Default `iso`. */
  readonly dateFormat?: DealDateFormat | { readonly [Field in DealDateField]?: DealDateFormat };
  /** By whose calendar instants fall on a day. Without it, only dates are read. */
  readonly timeZone?: string;
  /** How amounts are written. Default `plain`. */
  readonly amountFormat?: DealAmountFormat;
  /** Whether probabilities are fractions or percentages. Default `fraction`. */
  readonly probabilityScale?: 'fraction' | 'percent';
  /**
   * Texts to be replaced by others before anything is read, by field (`ownerId`, `custom.product`, or just `product`) or by column:
   * `{ product: { GTXPro: 'GTX Pro' } }`. Replacing by an empty text makes the field absent: `{ amount: { 'n/a': '' } }`. Every replacement is counted in
   * `changes`.
   */
  readonly replace?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Fields without which a row is set aside. `id` and `stageId` always are such. */
  readonly required?: readonly DealRowField[];
  /** What becomes of a row with a cell that is there but cannot be read: it is set aside (default), or kept with the field absent. An issue either way. */
  readonly unreadable?: 'set-aside' | 'absent';
  /** Whether columns that no field comes from are kept under `custom` by their own names. Default: they are listed in `ignoredColumns`. */
  readonly keepUnknown?: boolean;
}

/**
 * A field that a row can be required to have.
 *
 * @category deals
 */
export type DealRowField =
  | 'name'
  | 'accountId'
  | 'ownerId'
  | 'amount'
  | 'probability'
  | 'createdOn'
  | 'expectedCloseOn'
  | 'closedOn'
  | 'forecastCategory'
  | 'kind'
  | 'source'
  | 'market'
  | 'lossReason';

/**
 * A row that could not be made a deal.
 *
 * @category deals
 */
export interface RejectedRow {
  /** Index of the row. */
  readonly row: number;
  /** Id of the deal, if that could be read. */
  readonly id: string | null;
  /** What is wrong; also among all `issues`. */
  readonly issues: readonly Issue[];
}

/**
 * What a stage name of the CRM was taken for.
 *
 * @category deals
 */
export interface StageUse {
  /** The name in the rows. */
  readonly from: string;
  /** The stage. */
  readonly stageId: string;
  /** The status; `null` where rows gave it themselves. */
  readonly status: DealStatus | null;
  /** In how many rows. */
  readonly rows: number;
}

/**
 * A text that was replaced.
 *
 * @category deals
 */
export interface ValueChange {
  /** The field: `ownerId`, `custom.product`. */
  readonly field: string;
  /** The column it came from, `null` if it was computed. */
  readonly column: string | null;
  /** The text in the rows. */
  readonly from: string;
  /** What it was replaced by. */
  readonly to: string;
  /** In how many rows. */
  readonly rows: number;
}

/**
 * How many rows became what. `rows = deals + rejected` always.
 *
 * @category deals
 */
export interface ParseDealsCounts {
  /** Rows passed. */
  readonly rows: number;
  /** Deals made. */
  readonly deals: number;
  /** Rows set aside. */
  readonly rejected: number;
  /** Open deals. */
  readonly open: number;
  /** Won deals. */
  readonly won: number;
  /** Lost deals. */
  readonly lost: number;
  /** Deleted deals. */
  readonly deleted: number;
  /** Deals without an amount. */
  readonly withoutAmount: number;
}

/**
 * Deals, and everything that was noticed on the way.
 *
 * @category deals
 */
export interface ParsedDeals<Custom extends object = Record<string, unknown>> {
  /** The deals, in the order of the rows. Each passes `validateDeal`. Lists that no row fills are one shared, frozen, empty list. */
  readonly deals: readonly Deal<Custom>[];
  /** What is wrong with rows, in their order: those set aside and those kept with a gap. Paths begin with the index of the row and its column. */
  readonly issues: readonly Issue[];
  /** Rows that could not be used, with their issues. */
  readonly rejected: readonly RejectedRow[];
  /** Which stage names occurred, and what they were taken for. */
  readonly stages: readonly StageUse[];
  /** Which texts were replaced, and how often. */
  readonly changes: readonly ValueChange[];
  /** Columns from which nothing was read (by name; what functions look at is not known). */
  readonly ignoredColumns: readonly string[];
  /** How many rows became what. */
  readonly counts: ParseDealsCounts;
}
