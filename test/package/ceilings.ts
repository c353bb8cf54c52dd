/* What the package may weigh. The one place where these numbers stand; raise one only with a reason in the changeset. */

/** A bundle made of one import, minified and gzipped, dependencies included. */
export interface BundleCeiling {
  /** Folder that the import comes from; the row is skipped while the folder does not exist. */
  readonly folder: string;
  /** The names imported; all of the entry when empty. */
  readonly names: readonly string[];
  /** Bytes after gzip. */
  readonly gzip: number;
  /** Packages and files of `src` of which no byte may be in the bundle. */
  readonly without: readonly string[];
}

/** Pure: none of the run-time dependencies. */
const NOTHING = ['decimal.js', 'date-fns', '@date-fns/utc', 'zod'];

/** The ceilings. */
export const CEILINGS = {
  /** All files of the archive. */
  unpackedBytes: 8_000_000,
  /** CPU time of importing one entry into a fresh process, in milliseconds; the best of a few runs. */
  importMilliseconds: { default: 90, schemas: 180 },
  bundles: [
    { folder: 'errors', names: ['isDomainError'], gzip: 300, without: NOTHING },
    { folder: 'errors', names: [], gzip: 6_500, without: NOTHING },
    { folder: 'trace', names: ['renderTrace'], gzip: 6_500, without: NOTHING },
    { folder: 'decimal', names: ['ROUNDING_MODES'], gzip: 150, without: NOTHING },
    { folder: 'decimal', names: ['readDecimal'], gzip: 6_500, without: NOTHING },
    { folder: 'decimal', names: ['addDecimals'], gzip: 20_000, without: ['date-fns', '@date-fns/utc', 'zod'] },
    { folder: 'money', names: ['addMoney'], gzip: 22_000, without: ['date-fns', '@date-fns/utc', 'zod'] },
    { folder: 'calendar', names: ['isPlainDate'], gzip: 800, without: NOTHING },
    { folder: 'calendar', names: ['periodOf'], gzip: 10_000, without: ['decimal.js', 'zod'] },
    { folder: 'stats', names: ['wilsonInterval'], gzip: 8_000, without: NOTHING },
    { folder: 'stats', names: [], gzip: 70_000, without: NOTHING },
    { folder: 'deals', names: [], gzip: 50_000, without: ['zod'] },
    { folder: 'pipelines', names: ['stageProbability'], gzip: 400, without: NOTHING },
    { folder: 'pipelines', names: ['definePipeline'], gzip: 8_000, without: NOTHING },
    // With all of its twenty-odd components and their checks, in two thirds of it; an engine of your own carries only what it is given.
    { folder: 'compensation', names: ['computeCompensation'], gzip: 128_000, without: ['zod'] },
    { folder: 'compensation', names: ['createCompensationEngine', 'commissionComponent'], gzip: 94_000, without: ['zod'] },
    { folder: 'compensation', names: ['validateCredit'], gzip: 8_000, without: ['zod'] },
    { folder: 'forecasting', names: [], gzip: 150_000, without: ['zod'] },
  ],
} as const satisfies { readonly unpackedBytes: number; readonly importMilliseconds: Readonly<Record<string, number>>; readonly bundles: readonly BundleCeiling[] };
