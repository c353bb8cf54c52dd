/**
 * A calendar date without time or zone, written `YYYY-MM-DD` and checked against the real calendar.
 *
 * @category calendar
 */
export type PlainDate = string;

/**
 * What is accepted as a date: the text, or its parts (a `Temporal.PlainDate` fits).
 *
 * @category calendar
 */
export type DateInput = PlainDate | { readonly year: number; readonly month: number; readonly day: number };
