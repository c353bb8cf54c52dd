/**
 * Metrics: the KPI catalogue of sales, each with formula, unit, choices and what happens where there is nothing to divide by; and metrics of your own.
 *
 * @module metrics
 */
export { METRICS } from './catalogue.js';
export {
  type AverageDealSizeInput,
  averageDealSizeMetric,
  type CohortWinRateInput,
  cohortWinRateMetric,
  type DealsInput,
  type PipelineCreationInput,
  type PushRateInput,
  pipelineCreationMetric,
  pushRateMetric,
  type SalesCycleInput,
  type SalesVelocityInput,
  type SlipRateInput,
  type StageConversionInput,
  type StageVelocityInput,
  salesCycleMetric,
  salesVelocityMetric,
  slipRateMetric,
  stageConversionMetric,
  stageVelocityMetric,
  type WinRateByValueInput,
  type WinRateInput,
  winRateByValueMetric,
  winRateMetric,
} from './deal-metrics.js';
export type { MetricAmount } from './figures.js';
export {
  type ActivityRatioInput,
  activityRatioMetric,
  type ForecastAccuracyInput,
  type ForecastErrorInput,
  forecastAccuracyMetric,
  forecastErrorMetric,
} from './forecast-metrics.js';
export {
  type BusinessHours,
  type LeadResponseTimeInput,
  leadResponseTimeMetric,
} from './lead-response-metric.js';
export {
  computeMetric,
  defineMetric,
  type Metric,
  type MetricChoice,
  type MetricDefinition,
  type MetricOutcome,
  type MetricResult,
  type MetricUnit,
  type MetricValue,
} from './metric.js';
export {
  type AttainmentDistributionInput,
  attainmentDistributionMetric,
  type CapacityPlanInput,
  type CoverageInput,
  type CoverageToGoInput,
  capacityPlanMetric,
  coverageMetric,
  coverageToGoMetric,
  type OverAssignmentInput,
  overAssignmentMetric,
  type QuotaAttainmentInput,
  quotaAttainmentMetric,
  type RequiredPipelineInput,
  requiredPipelineMetric,
} from './quota-metrics.js';
export {
  annualRecurringRevenueMetric,
  type CustomerRecurring,
  grossRevenueRetentionMetric,
  type LogoChurnInput,
  logoChurnMetric,
  monthlyRecurringRevenueMetric,
  type NetRevenueRetentionInput,
  netRevenueRetentionMetric,
  type RecurringChangeInput,
  type RecurringContract,
  type RecurringRevenueInput,
  recurringMovementsMetric,
} from './recurring-metrics.js';
export {
  type BurnMultipleInput,
  burnMultipleMetric,
  type CacPaybackInput,
  type CustomerAcquisitionCostInput,
  cacPaybackMetric,
  customerAcquisitionCostMetric,
  type LifetimeValueInput,
  type LtvToCacInput,
  lifetimeValueMetric,
  ltvToCacMetric,
  type MagicNumberInput,
  magicNumberMetric,
  type QuickRatioInput,
  quickRatioMetric,
  type RuleOf40Input,
  ruleOf40Metric,
} from './unit-economics-metrics.js';
