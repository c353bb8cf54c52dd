import {
  averageDealSizeMetric,
  cohortWinRateMetric,
  pipelineCreationMetric,
  pushRateMetric,
  salesCycleMetric,
  salesVelocityMetric,
  slipRateMetric,
  stageConversionMetric,
  stageVelocityMetric,
  winRateByValueMetric,
  winRateMetric,
} from './deal-metrics.js';
import { activityRatioMetric, forecastAccuracyMetric, forecastErrorMetric } from './forecast-metrics.js';
import { leadResponseTimeMetric } from './lead-response-metric.js';
import type { Metric } from './metric.js';
import {
  attainmentDistributionMetric,
  capacityPlanMetric,
  coverageMetric,
  coverageToGoMetric,
  overAssignmentMetric,
  quotaAttainmentMetric,
  requiredPipelineMetric,
} from './quota-metrics.js';
import {
  annualRecurringRevenueMetric,
  grossRevenueRetentionMetric,
  logoChurnMetric,
  monthlyRecurringRevenueMetric,
  netRevenueRetentionMetric,
  recurringMovementsMetric,
} from './recurring-metrics.js';
import {
  burnMultipleMetric,
  cacPaybackMetric,
  customerAcquisitionCostMetric,
  lifetimeValueMetric,
  ltvToCacMetric,
  magicNumberMetric,
  quickRatioMetric,
  ruleOf40Metric,
} from './unit-economics-metrics.js';

/**
 * Every built-in metric, for a list or a form. To compute one, import it by name: then only that one is bundled.
 *
 * @example
 * ```ts
 * import { METRICS } from 'dealwright/metrics';
 * METRICS.length >= 35; // => true
 * METRICS.find((metric) => metric.id === 'coverage')?.formula; // => 'open pipeline / quota'
 * ```
 * @category metrics
 */
export const METRICS: readonly Metric[] = [
  winRateMetric,
  winRateByValueMetric,
  cohortWinRateMetric,
  averageDealSizeMetric,
  salesCycleMetric,
  salesVelocityMetric,
  coverageMetric,
  coverageToGoMetric,
  requiredPipelineMetric,
  stageConversionMetric,
  stageVelocityMetric,
  quotaAttainmentMetric,
  attainmentDistributionMetric,
  leadResponseTimeMetric,
  activityRatioMetric,
  slipRateMetric,
  pushRateMetric,
  pipelineCreationMetric,
  forecastAccuracyMetric,
  forecastErrorMetric,
  customerAcquisitionCostMetric,
  lifetimeValueMetric,
  ltvToCacMetric,
  cacPaybackMetric,
  monthlyRecurringRevenueMetric,
  annualRecurringRevenueMetric,
  recurringMovementsMetric,
  netRevenueRetentionMetric,
  grossRevenueRetentionMetric,
  logoChurnMetric,
  magicNumberMetric,
  burnMultipleMetric,
  quickRatioMetric,
  ruleOf40Metric,
  capacityPlanMetric,
  overAssignmentMetric,
];
