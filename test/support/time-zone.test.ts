import { expect, test } from 'vitest';
import { TIME_ZONES } from './time-zones.js';

test('the host time zone is the one this project asks for', () => {
  const zone = TIME_ZONES.find((candidate) => candidate.timeZone === process.env['TZ']);
  expect(zone).toBeDefined();
  expect(new Date(2026, 0, 15).getTimezoneOffset()).toBe(zone?.januaryOffset);
});
