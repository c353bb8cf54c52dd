/**
 * Every error code of the library, with what it means. Codes are public API: renaming one is a breaking change.
 * Grouped by the folder that raises them; a code may be raised by any folder above it.
 *
 * @category errors
 */
export const ERROR_CODES = {
  // shape of a value (any folder)
  invalid_type: 'The value has another type than the one expected.',
  missing_key: 'A required key is absent.',
  unknown_key: 'A key is not part of the definition; it may be misspelt.',
  reserved_key: 'A key such as "__proto__" is never accepted.',
  invalid_value: 'The value is of the right type but not one of the allowed values.',
  too_long: 'A text or list exceeds the length that is accepted.',
  empty: 'A text or list that must hold something is empty.',
  duplicate_id: 'The same id occurs twice where ids must be unique.',
  unknown_reference: 'An id refers to something that was not given.',
  unsupported_format_version: 'A stored value was written in a format this version cannot read.',
  invalid_json_value: 'The value cannot be represented in JSON (function, symbol, cycle, class instance).',

  // numbers and decimals
  invalid_decimal: 'The text is not a plain decimal number.',
  not_finite: 'The number is NaN or infinite.',
  imprecise_number: 'A JavaScript number holds more digits than it can carry exactly; pass a string.',
  precision_exceeded: 'The number has more integer or fraction digits than exact arithmetic accepts.',
  out_of_range: 'The number lies outside the allowed range.',
  fraction_out_of_range: 'A fraction (rate, probability, weight, share) lies outside its range; a percentage may have been passed.',
  not_an_integer: 'A whole number is required.',
  division_by_zero: 'The divisor is zero.',
  invalid_rounding: 'The rounding mode or scale is not supported.',
  trace_mismatch: 'Replaying a trace does not give the figure it states.',

  // money
  invalid_currency: 'The currency is not a three-letter ISO 4217 code.',
  currency_mismatch: 'Amounts in different currencies cannot be combined without a rate.',
  missing_rate: 'No exchange rate is known for this pair of currencies on this date.',
  invalid_weights: 'The weights or shares cannot be used to allocate (negative, or all zero).',
  duplicate_rate: 'Two exchange rates are given for the same pair of currencies and the same date.',
  invalid_locale: 'The locale is not a valid BCP 47 language tag.',
  intl_unavailable: 'Formatting for a locale needs Intl, which this JavaScript engine does not have.',

  // calendar
  invalid_date: 'The text is not a real calendar date written YYYY-MM-DD.',
  date_instance_not_allowed: 'A Date object was passed where a plain date is wanted; convert it with toPlainDate and a time zone.',
  invalid_instant: 'The text is not an ISO 8601 instant with an offset.',
  invalid_time_zone: 'The time zone is not known, or named zones need Intl, which is not available here.',
  invalid_period: 'The period label, or its start and end, cannot be understood.',
  invalid_fiscal_calendar: 'The fiscal calendar is not a valid definition.',
  invalid_working_calendar: 'The calendar of working days is not a valid definition.',
  empty_period: 'The period holds no day.',

  // statistics
  insufficient_data: 'There are too few observations for this estimate.',
  invalid_probability: 'A probability lies outside 0 to 1; a percentage may have been passed.',
  length_mismatch: 'Two lists that go together have different lengths.',
  no_convergence: 'The iteration did not converge.',
  singular_matrix: 'The matrix cannot be inverted; some columns may be collinear.',
  perfect_separation: 'The outcome is predicted perfectly by a covariate, so the estimate does not exist.',

  // deals
  missing_amount: 'A deal has no amount, so it cannot be counted by value.',
  missing_date: 'A deal lacks a date that this computation needs.',
  unmapped_stage: 'The stage of a row is not in the stage map.',
  negative_cycle: 'A deal was closed before it was created.',
  invalid_splits: 'The shares of a deal do not add up as their kind demands.',
  inconsistent_history: 'The event history contradicts itself or the state of the deal.',
  inconsistent_status: 'The status of a deal contradicts its stage or its dates.',

  // pipelines
  unknown_stage: 'The stage is not part of the pipeline.',
  unknown_pipeline: 'The pipeline is not among those given.',
  invalid_pipeline: 'The pipeline definition is not valid.',
  transition_not_allowed: 'The pipeline does not allow this move.',
  approval_required: 'An override needs a reason and an approver.',

  // organization
  reporting_cycle: 'Somebody would be their own manager, directly or through others.',
  overlapping_reports: 'A member has two managers on the same day.',
  ambiguous_territory: 'Two territories of equal rank claim the same account.',

  // compensation
  unknown_component_kind: 'No component of this kind was given to the engine.',
  tiers_not_ascending: 'The tiers of a table must rise.',
  tiers_do_not_start: 'The first tier does not start at zero, so amounts below it have no rate.',
  rate_out_of_range: 'The rate lies outside 0 to 1; a percentage may have been passed.',
  missing_parameter: 'The plan declares a parameter for which the assignment gives no value.',
  missing_quota: 'A component needs a quota, and none is given for this payee and period.',
  circular_reference: 'Components depend on each other in a circle.',
  component_failed: 'A plan component failed while it was evaluated; nothing is paid by it for this payee and period.',
  undefined_attainment: 'Attainment is not defined, because the quota is zero.',
  missing_measure: 'A credit lacks the field that the measure reads.',
  undefined_measure: 'A measure has no value here (a ratio to zero, an average of nothing, a result that does not exist), so nothing is paid by it.',
  tier_gap: 'Rows of a rate table leave values between two bands without a rate.',
  tier_overlap: 'Two rows of a rate table claim the same values.',
  review_required: 'Pay or credit above a limit was set aside for review; it is not paid.',
  unassigned_payee: 'A credit names a payee without a plan on that date.',
  credit_outside_periods: 'A credit falls in none of the periods computed.',
  overlapping_assignments: 'A payee has two assignments to one plan that overlap in time.',
  ambiguous_crediting: 'Two crediting rules of equal rank claim the same transaction.',
  missing_booking: 'An invoice, payment or cancellation has no booking that it belongs to.',

  law_broken: 'A component of your own breaks a law that every component keeps.',
  missing_total: 'An event states an amount, and the total of its deal is not known, so its share of the deal is not known either.',

  // forecasting
  unknown_probability: 'No probability is known for an open deal; it is left out of the forecast.',
  unknown_close_date: 'An open deal has no expected close date, so it belongs to no period.',
  invalid_horizon: 'The forecast horizon must be a positive whole number.',
} as const satisfies Readonly<Record<string, string>>;

/**
 * A code of this library's own error table.
 *
 * @category errors
 */
export type ErrorCode = keyof typeof ERROR_CODES;

/**
 * An {@link ErrorCode}, or a code of your own raised by a custom component, model or framework.
 *
 * @category errors
 */
export type IssueCode = ErrorCode | (string & Record<never, never>);
