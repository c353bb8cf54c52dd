/* Runs before every test file: a zone that silently did not take effect would make four runs out of one. */
import { TIME_ZONES } from './time-zones.js';

const wanted = process.env['TZ'];
const zone = TIME_ZONES.find((candidate) => candidate.timeZone === wanted);
const offset = new Date(2026, 0, 15).getTimezoneOffset();
if (zone === undefined || zone.januaryOffset !== offset) {
  throw new Error(`Tests must run in the time zone they ask for: TZ is ${String(wanted)}, but the host offset is ${offset} minutes.`);
}
