/** A host time zone that the tests run under. */
export interface HostZone {
  readonly name: string;
  readonly timeZone: string;
  /** What `new Date(2026, 0, 15).getTimezoneOffset()` must give there. */
  readonly januaryOffset: number;
}

/** West, east with half an hour, and beyond the date line; UTC first. */
export const TIME_ZONES: readonly HostZone[] = [
  { name: 'utc', timeZone: 'UTC', januaryOffset: 0 },
  { name: 'los-angeles', timeZone: 'America/Los_Angeles', januaryOffset: 480 },
  { name: 'kolkata', timeZone: 'Asia/Kolkata', januaryOffset: -330 },
  { name: 'apia', timeZone: 'Pacific/Apia', januaryOffset: -780 },
];
