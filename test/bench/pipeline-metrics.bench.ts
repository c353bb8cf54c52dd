/*
 * A million deals of five events: weighted value, conversion, time in stage and cycle (mean, median, p90), beside a loop over columns and a loop over objects that do the same work.
 */
import { createDeal, type Deal, type DealEvent } from 'dealwright/deals';
import { b2bPipeline, stageDurations, tallyStageColumns } from 'dealwright/pipelines';
import { measure, measureGrowth, printGrowth, printTarget, printTimings } from './measure.js';

const STAGES = 5;
const PROBABILITY = [0.1, 0.2, 0.35, 0.5, 0.75];
const EVENTS = 5;

function makeColumns(count: number) {
  let seed = 12345;
  const next = (): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return seed / 2 ** 32;
  };
  const value = new Float64Array(count);
  const outcome = new Uint8Array(count);
  const offset = new Int32Array(count + 1);
  const stage = new Uint8Array(count * EVENTS);
  const enteredOn = new Int32Array(count * EVENTS);
  const closedOn = new Int32Array(count);
  let stays = 0;
  for (let deal = 0; deal < count; deal += 1) {
    value[deal] = Math.floor(next() * 1e6);
    outcome[deal] = next() < 0.3 ? 0 : next() < 0.35 ? 1 : 2;
    // Five events: four or five stays, and the close.
    const length = outcome[deal] === 0 ? EVENTS : EVENTS - 1;
    let day = 20_000 + Math.floor(next() * 700);
    for (let at = 0; at < length; at += 1) {
      stage[stays] = at;
      enteredOn[stays] = day;
      stays += 1;
      day += Math.floor(next() * 40);
    }
    closedOn[deal] = day;
    offset[deal + 1] = stays;
  }
  return { value, outcome, offset, stage: stage.subarray(0, stays), enteredOn: enteredOn.subarray(0, stays), closedOn };
}

type Columns = ReturnType<typeof makeColumns>;

function summarize(counts: Int32Array): readonly number[] {
  let n = 0;
  let total = 0;
  for (let day = 0; day < counts.length; day += 1) {
    n += counts[day] ?? 0;
    total += day * (counts[day] ?? 0);
  }
  const at = (place: number): number => {
    let seen = 0;
    for (let day = 0; day < counts.length; day += 1) {
      seen += counts[day] ?? 0;
      if (seen > place) return day;
    }
    return 0;
  };
  return [total / n, at((n - 1) * 0.5), at((n - 1) * 0.9)];
}

/** The same by hand: no checks, arrays of a size known beforehand. */
function loopOverColumns({ value, outcome, offset, stage, enteredOn, closedOn }: Columns): unknown {
  const dwell = Array.from({ length: STAGES }, () => new Int32Array(1_024));
  const cycle = new Int32Array(1_024);
  const seen = new Int32Array(STAGES * 3);
  const last = new Int32Array(STAGES).fill(-1);
  let weighted = 0;
  for (let deal = 0; deal < value.length; deal += 1) {
    const result = outcome[deal] as number;
    const first = offset[deal] as number;
    const end = offset[deal + 1] as number;
    for (let stay = first; stay < end; stay += 1) {
      const at = stage[stay] as number;
      if (last[at] !== deal) {
        last[at] = deal;
        seen[at * 3 + result] = (seen[at * 3 + result] as number) + 1;
      }
      if (stay + 1 === end && result === 0) continue;
      const days = (stay + 1 === end ? (closedOn[deal] as number) : (enteredOn[stay + 1] as number)) - (enteredOn[stay] as number);
      const counts = dwell[at] as Int32Array;
      counts[days] = (counts[days] as number) + 1;
    }
    if (result === 0) weighted += (value[deal] as number) * (PROBABILITY[stage[end - 1] as number] as number);
    else if (result === 1) {
      const days = (closedOn[deal] as number) - (enteredOn[first] as number);
      cycle[days] = (cycle[days] as number) + 1;
    }
  }
  return { weighted, seen, dwell: dwell.map(summarize), cycle: summarize(cycle) };
}

interface Row {
  readonly value: number;
  readonly outcome: number;
  readonly closedOn: number;
  readonly stays: readonly { readonly stage: number; readonly enteredOn: number }[];
}

function makeRows({ value, outcome, offset, stage, enteredOn, closedOn }: Columns): readonly Row[] {
  return Array.from(value, (worth, deal) => ({
    value: worth,
    outcome: outcome[deal] ?? 0,
    closedOn: closedOn[deal] ?? 0,
    stays: Array.from({ length: (offset[deal + 1] ?? 0) - (offset[deal] ?? 0) }, (_, at) => ({
      stage: stage[(offset[deal] ?? 0) + at] ?? 0,
      enteredOn: enteredOn[(offset[deal] ?? 0) + at] ?? 0,
    })),
  }));
}

/** Objects, lists of days, and sorting: what one writes first. */
function loopOverObjects(rows: readonly Row[]): unknown {
  const dwell: number[][] = Array.from({ length: STAGES }, () => []);
  const cycle: number[] = [];
  const won = new Array<number>(STAGES).fill(0);
  const lost = new Array<number>(STAGES).fill(0);
  let weighted = 0;
  for (const { value, outcome, closedOn, stays } of rows) {
    stays.forEach(({ stage, enteredOn }, at) => {
      const end = stays[at + 1]?.enteredOn ?? (outcome === 0 ? undefined : closedOn);
      if (end !== undefined) dwell[stage]?.push(end - enteredOn);
    });
    for (const stage of new Set(stays.map((stay) => stay.stage))) {
      if (outcome === 1) won[stage] = (won[stage] ?? 0) + 1;
      if (outcome === 2) lost[stage] = (lost[stage] ?? 0) + 1;
    }
    if (outcome === 0) weighted += value * (PROBABILITY[stays[stays.length - 1]?.stage ?? 0] ?? 0);
    if (outcome === 1) cycle.push(closedOn - (stays[0]?.enteredOn ?? 0));
  }
  const figures = (days: number[]): readonly number[] => {
    const sorted = Float64Array.from(days).sort();
    return [days.reduce((sum, day) => sum + day, 0) / days.length, sorted[Math.floor((days.length - 1) * 0.5)] ?? 0, sorted[Math.floor((days.length - 1) * 0.9)] ?? 0];
  };
  return { weighted, won, lost, dwell: dwell.map(figures), cycle: figures(cycle) };
}

/** The columns of objects, and then the same. */
function columnsOfRows(rows: readonly Row[]): Columns {
  const count = rows.length;
  const value = new Float64Array(count);
  const outcome = new Uint8Array(count);
  const offset = new Int32Array(count + 1);
  const closedOn = new Int32Array(count);
  let stays = 0;
  for (let at = 0; at < count; at += 1) {
    stays += rows[at]?.stays.length ?? 0;
    offset[at + 1] = stays;
  }
  const stage = new Uint8Array(stays);
  const enteredOn = new Int32Array(stays);
  let place = 0;
  for (let at = 0; at < count; at += 1) {
    const row = rows[at] as Row;
    value[at] = row.value;
    outcome[at] = row.outcome;
    closedOn[at] = row.closedOn;
    for (let stay = 0; stay < row.stays.length; stay += 1) {
      const entry = row.stays[stay] as Row['stays'][number];
      stage[place] = entry.stage;
      enteredOn[place] = entry.enteredOn;
      place += 1;
    }
  }
  return { value, outcome, offset, stage, enteredOn, closedOn };
}

const COUNT = 1_000_000;
const columns = makeColumns(COUNT);
const rows = makeRows(columns);
const timings = measure(
  [
    { name: 'loop over columns by hand', run: () => loopOverColumns(columns) },
    { name: 'dealwright, columns', run: () => tallyStageColumns(columns, { probability: PROBABILITY }) },
    { name: 'dealwright, columns made of objects', run: () => tallyStageColumns(columnsOfRows(rows), { probability: PROBABILITY }) },
    { name: 'loop over objects by hand', run: () => loopOverObjects(rows) },
  ],
  { rounds: 5, warmUp: 1 },
);
printTimings(`Pipeline metrics of ${COUNT.toLocaleString('en')} deals × ${EVENTS} events`, timings);
const [hand, own, fromObjects, objects] = timings.map(({ milliseconds }) => milliseconds);
printTarget(`at most 1.5 × the loop over columns: ${((own ?? Number.NaN) / (hand ?? Number.NaN)).toFixed(2)}`, (own ?? Number.NaN) <= 1.5 * (hand ?? Number.NaN));
printTarget(
  `at most 0.35 × the loop over objects: ${((fromObjects ?? Number.NaN) / (objects ?? Number.NaN)).toFixed(2)}`,
  (fromObjects ?? Number.NaN) <= 0.35 * (objects ?? Number.NaN),
);
printGrowth(
  measureGrowth('columns', 100_000, (count) => {
    const some = makeColumns(count);
    return () => tallyStageColumns(some, { probability: PROBABILITY });
  }),
);

const IDS = ['prospecting', 'qualification', 'discovery', 'demo', 'negotiation-and-closing'];
const dateOf = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

function makeDeals(count: number): readonly Deal[] {
  return makeRows(makeColumns(count)).map(({ outcome, closedOn, stays }, at) => {
    const end = outcome === 1 ? ('won' as const) : ('lost' as const);
    const last = IDS[stays[stays.length - 1]?.stage ?? 0] ?? '';
    const history: DealEvent[] = stays.map(({ stage, enteredOn }, place) =>
      place === 0
        ? { type: 'created', at: dateOf(enteredOn), stageId: IDS[stage] ?? '', amount: null }
        : { type: 'stage-changed', at: dateOf(enteredOn), from: IDS[stays[place - 1]?.stage ?? 0] ?? '', to: IDS[stage] ?? '' },
    );
    if (outcome !== 0) history.push({ type: end, at: dateOf(closedOn), from: last, to: `closed-${end}` });
    const state = outcome === 0 ? { stageId: last } : { stageId: `closed-${end}`, status: end, closedOn: dateOf(closedOn) };
    return createDeal({ id: `d${at}`, pipelineId: 'b2b', createdOn: dateOf(stays[0]?.enteredOn ?? 0), ...state, history });
  });
}

printGrowth(
  measureGrowth(
    'whole deals with their histories: stageDurations',
    2_000,
    (count) => {
      const deals = makeDeals(count);
      return () => stageDurations(deals, { pipeline: b2bPipeline, asOf: '2027-01-01' });
    },
    { rounds: 3, warmUp: 1 },
  ),
);
