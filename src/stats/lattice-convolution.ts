/*
 * One term after the other on a dense grid that grows coarser when the range outgrows the cells that are allowed. Not a public entry.
 * An outcome between two grid points is split between them in the proportion that keeps its mean; halving the grid does the same.
 * The variance grows by at most step²/4 per split term and per halving, weighted by the probability that is split.
 */
import type { NormalTerms } from './sum-terms.js';

/** Probabilities of the grid points `first`, `first + 1`, … times `step`. */
export interface GridMasses {
  readonly first: number;
  readonly step: number;
  readonly masses: Float64Array;
  /** Whether every outcome fell on a grid point and the grid was never made coarser. */
  readonly isExact: boolean;
  /** How far a total stands from where it belongs: each split moves it by less than a step, up or down so that the mean stays; many splits by the root of their number. */
  readonly displacement: number;
}

/** Probability at the ends of the grid that is dropped. */
const NEGLIGIBLE = 1e-18;

export interface Grid {
  first: number;
  step: number;
  masses: Float64Array;
}

/** Drops what is negligible at both ends. */
function trim(grid: Grid): void {
  const { masses } = grid;
  let low = 0;
  let high = masses.length;
  let lost = 0;
  while (low < high - 1 && lost + (masses[low] as number) < NEGLIGIBLE) {
    lost += masses[low] as number; // within bounds, here and below
    low += 1;
  }
  lost = 0;
  while (high > low + 1 && lost + (masses[high - 1] as number) < NEGLIGIBLE) {
    lost += masses[high - 1] as number;
    high -= 1;
  }
  if (low > 0 || high < masses.length) {
    grid.masses = masses.slice(low, high);
    grid.first += low;
  }
}

/** Doubles the step; a point between two new ones gives half to each. */
function coarsen(grid: Grid): void {
  const { masses, first } = grid;
  const newFirst = Math.floor(first / 2);
  const last = first + masses.length - 1;
  const next = new Float64Array(Math.ceil(last / 2) - newFirst + 1);
  for (let i = 0; i < masses.length; i += 1) {
    const at = first + i;
    const mass = masses[i] as number;
    const low = Math.floor(at / 2) - newFirst;
    if (at % 2 === 0) next[low] = (next[low] as number) + mass;
    else {
      next[low] = (next[low] as number) + mass / 2;
      next[low + 1] = (next[low + 1] as number) + mass / 2;
    }
  }
  grid.masses = next;
  grid.first = newFirst;
  grid.step *= 2;
}

/** Adds term i of the sum to the masses of a grid. Returns false if an outcome had to be split. */
export function addTerm(grid: Grid, terms: NormalTerms, i: number): boolean {
  const from = terms.start[i] as number;
  const to = terms.start[i + 1] as number;
  const old = grid.masses;
  const largest = terms.value[to - 1] as number;
  const next = new Float64Array(old.length + Math.ceil(largest / grid.step));
  const rest = terms.rest[i] as number;
  for (let c = 0; c < old.length; c += 1) next[c] = (old[c] as number) * rest;
  let isExact = true;
  for (let j = from; j < to; j += 1) {
    const position = (terms.value[j] as number) / grid.step;
    const below = Math.floor(position);
    const part = position - below;
    const probability = terms.probability[j] as number;
    const left = probability * (1 - part);
    for (let c = 0; c < old.length; c += 1) next[below + c] = (next[below + c] as number) + (old[c] as number) * left;
    if (part > 0) {
      isExact = false;
      const right = probability * part;
      for (let c = 0; c < old.length; c += 1) next[below + 1 + c] = (next[below + 1 + c] as number) + (old[c] as number) * right;
    }
  }
  grid.masses = next;
  return isExact;
}

/** The sum on a grid of at most about `maxCells` points. Terms come in ascending order, so that small ones meet a fine grid. */
export function convolveOnLattice(terms: NormalTerms, maxCells: number): GridMasses {
  const smallest = terms.count === 0 ? 1 : (terms.value[terms.start[0] as number] as number);
  const fine = terms.lattice === undefined ? Math.min(smallest, terms.width / maxCells) / 64 : 1;
  const grid: Grid = { first: 0, step: terms.lattice === undefined ? Math.max(fine, terms.width * 2 ** -40) : 1, masses: Float64Array.of(1) };
  let splitTerms = 0;
  let isCoarsened = false;
  for (let i = 0; i < terms.count; i += 1) {
    const largest = terms.value[(terms.start[i + 1] as number) - 1] as number;
    while (grid.masses.length + largest / grid.step > maxCells) {
      coarsen(grid);
      isCoarsened = true;
    }
    if (!addTerm(grid, terms, i)) splitTerms += 1;
    trim(grid);
  }
  return { ...grid, isExact: splitTerms === 0 && !isCoarsened, displacement: (1 + Math.sqrt(splitTerms)) * grid.step };
}

/** An empty sum on a grid of a given step. */
export function startGrid(step: number): Grid {
  return { first: 0, step, masses: Float64Array.of(1) };
}

/** The weighted mixture of grids, at the coarsest of their steps. */
export function mergeGrids(parts: readonly { readonly weight: number; readonly grid: GridMasses }[]): GridMasses {
  const only = parts[0];
  if (parts.length === 1 && only !== undefined) return only.grid;
  const step = parts.reduce((largest, part) => Math.max(largest, part.grid.step), 0);
  const grids = parts.map((part) => {
    const grid: Grid = { first: part.grid.first, step: part.grid.step, masses: part.grid.masses };
    while (grid.step < step) coarsen(grid);
    return grid;
  });
  const first = grids.reduce((low, grid) => Math.min(low, grid.first), Infinity);
  const end = grids.reduce((high, grid) => Math.max(high, grid.first + grid.masses.length), -Infinity);
  const masses = new Float64Array(end - first);
  for (const [index, grid] of grids.entries()) {
    const weight = parts[index]?.weight ?? 0;
    const offset = grid.first - first;
    for (let c = 0; c < grid.masses.length; c += 1) masses[offset + c] = (masses[offset + c] as number) + weight * (grid.masses[c] as number);
  }
  return {
    first,
    step,
    masses,
    isExact: parts.every((part) => part.grid.isExact),
    displacement: parts.reduce((largest, part) => Math.max(largest, part.grid.displacement + step), 0),
  };
}
