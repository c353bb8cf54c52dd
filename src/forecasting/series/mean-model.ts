import { defineForecastModel, type ForecastModel, type ModelPrediction } from './forecast-model.js';

/**
 * State of {@link meanModel}.
 *
 * @category forecasting
 */
export interface MeanState {
  /** Mean of the known values. */
  readonly mean: number;
  /** Their standard deviation (n − 1). */
  readonly deviation: number;
  /** How many they are. */
  readonly count: number;
}

/**
 * The mean of all known values, for every step, with t intervals: standard error s √(1 + 1/n), n − 1 degrees of freedom.
 *
 * @returns the model
 * @example
 * ```ts
 * import { meanModel } from 'dealwright/forecasting';
 * meanModel().fit([10, 20, null, 30]).predict(2).mean; // => [20, 20]
 * ```
 * @category forecasting
 */
export function meanModel(): ForecastModel<MeanState> {
  return defineForecastModel<MeanState>({
    name: 'mean',
    fit: ({ values, observations }) => {
      let sum = 0;
      for (const value of values) sum += value ?? 0;
      const mean = sum / observations;
      let squares = 0;
      for (const value of values) if (value !== null) squares += (value - mean) ** 2;
      const deviation = observations > 1 ? Math.sqrt(squares / (observations - 1)) : 0;
      return {
        state: { mean, deviation, count: observations },
        fitted: values.map(() => mean),
        parameters: { mean, sigma: deviation },
        assumptions: ['Values are independent and normal around a constant mean.'],
      };
    },
    predict: ({ mean, deviation, count }, { horizon }) => {
      const result: ModelPrediction = {
        mean: Array.from({ length: horizon }, () => mean),
        standardErrors: Array.from({ length: horizon }, () => deviation * Math.sqrt(1 + 1 / count)),
      };
      return count > 1 ? { ...result, degreesOfFreedom: count - 1 } : result;
    },
  });
}
