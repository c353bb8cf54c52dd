/*
 * Timing that can be repeated on a busy machine: CPU time, not the clock; contenders take turns within one process; medians; ratios, since absolute times differ from
 * machine to machine. A program in this folder is a plain script named *.bench.ts that calls these and lets them print.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Something that does a job. What it returns is kept alive so that the work cannot be optimised away. */
export interface Contender {
  readonly name: string;
  readonly run: () => unknown;
}

/** How to measure. */
export interface MeasureOptions {
  /** Rounds, in each of which every contender runs once. Default 9. */
  readonly rounds?: number;
  /** Rounds before the first that counts. Default 2. */
  readonly warmUp?: number;
  /** A contender is repeated within a round until it has used so many milliseconds of CPU. Default 20. */
  readonly atLeastMilliseconds?: number;
}

/** CPU time of a contender. */
export interface Timing {
  readonly name: string;
  /** Median over the rounds, of one run, in milliseconds. */
  readonly milliseconds: number;
  /** Relative to the first contender: 2 is twice as slow. Median of the ratios within a round, which a busy machine disturbs least. */
  readonly ratio: number;
}

let kept: unknown;

/** Milliseconds of CPU that one run takes, repeated until the measurement is long enough. */
function timeOf(run: () => unknown, atLeast: number): number {
  let repetitions = 0;
  let used = 0;
  const before = process.cpuUsage();
  do {
    kept = run();
    repetitions += 1;
    const { user, system } = process.cpuUsage(before);
    used = (user + system) / 1000;
  } while (used < atLeast);
  return used / repetitions;
}

/** The middle value; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : (high + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** Times contenders that do the same work, in turns. Ratios are relative to the first. */
export function measure(contenders: readonly Contender[], options: MeasureOptions = {}): readonly Timing[] {
  const { rounds = 9, warmUp = 2, atLeastMilliseconds = 20 } = options;
  const times: number[][] = contenders.map(() => []);
  for (let round = -warmUp; round < rounds; round += 1) {
    // Every other round backwards, so that nobody always runs in the wake of the same neighbour.
    const order = contenders.map((_, index) => (round % 2 === 0 ? index : contenders.length - 1 - index));
    for (const index of order) {
      const contender = contenders[index];
      if (contender === undefined) continue;
      const time = timeOf(contender.run, atLeastMilliseconds);
      if (round >= 0) times[index]?.push(time);
    }
  }
  const base = times[0] ?? [];
  return contenders.map(({ name }, index) => {
    const own = times[index] ?? [];
    return { name, milliseconds: median(own), ratio: median(own.map((time, round) => time / (base[round] ?? Number.NaN))) };
  });
}

/** How time grows from n to 10 n: 10 is linear, 100 quadratic. */
export interface Growth {
  readonly name: string;
  readonly small: number;
  readonly large: number;
  readonly growth: number;
}

/** Times a job at n and at 10 n. `prepare` makes the input outside the measurement and returns the job. */
export function measureGrowth(name: string, n: number, prepare: (n: number) => () => unknown, options: MeasureOptions = {}): Growth {
  const [small, large] = measure(
    [
      { name: `${n}`, run: prepare(n) },
      { name: `${10 * n}`, run: prepare(10 * n) },
    ],
    { rounds: 5, ...options },
  );
  return { name, small: small?.milliseconds ?? Number.NaN, large: large?.milliseconds ?? Number.NaN, growth: large?.ratio ?? Number.NaN };
}

/** Median over fresh processes of the number that a script prints last: for what is only true the first time (`coldMilliseconds`). */
export function measureCold(script: URL, args: readonly string[] = [], rounds = 5): number {
  const tsx = createRequire(import.meta.url).resolve('tsx/cli');
  const tsconfig = fileURLToPath(new URL('../tsconfig.json', import.meta.url));
  const results: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const run = spawnSync(process.execPath, [tsx, '--tsconfig', tsconfig, fileURLToPath(script), ...args], { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(run.stderr);
    results.push(Number(run.stdout.trim().split('\n').at(-1)));
  }
  return median(results);
}

/** For a script run by {@link measureCold}: does the job once and prints its CPU time. */
export function printCold(run: () => unknown): void {
  const before = process.cpuUsage();
  kept = run();
  const { user, system } = process.cpuUsage(before);
  console.log(String((user + system) / 1000));
}

/** Prints contenders side by side, the first as 1. */
export function printTimings(title: string, timings: readonly Timing[]): void {
  const width = Math.max(...timings.map((timing) => timing.name.length));
  console.log(`\n${title}`);
  for (const { name, milliseconds, ratio } of timings) console.log(`  ${name.padEnd(width)}  ${format(milliseconds).padStart(9)} ms  ${format(ratio).padStart(7)} ×`);
}

/** Prints a growth. */
export function printGrowth({ name, small, large, growth }: Growth): void {
  console.log(`  ${name}: ${format(small)} ms at n, ${format(large)} ms at 10 n, growth ${format(growth)} (10 is linear)`);
}

/** Prints whether a target is met. A missed target does not stop the run: the machine may be busy. */
export function printTarget(text: string, met: boolean): void {
  console.log(`  ${met ? 'met   ' : 'MISSED'} ${text}`);
}

function format(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toPrecision(2);
}

/** What was computed last; reading it keeps the work from being optimised away. */
export function lastResult(): unknown {
  return kept;
}
