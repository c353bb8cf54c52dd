/*
 * Makes the synthetic CRM export in this folder: a few hundred opportunities of a fictitious company, with the warts that real exports have.
 * Nothing in it is real. The same seed gives the same bytes; a test compares them.
 *
 *   npx tsx --tsconfig examples/tsconfig.json examples/data/make-sample.ts [--out DIR]
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { addDays, differenceInDays } from 'dealwright/calendar';
import { openRandom } from 'dealwright/stats';

const { values } = parseArgs({ options: { out: { type: 'string', default: fileURLToPath(new URL('.', import.meta.url)) } } });

const OPPORTUNITIES = 460;
const FIRST_ENGAGEMENT = '2024-10-01';
const FIRST_CLOSING = '2025-01-02';
const LAST_DAY = '2025-12-31';

const PRODUCTS = [
  { product: 'Atlas Pro', series: 'Atlas', price: 32_900 },
  { product: 'Atlas Basic', series: 'Atlas', price: 3_900 },
  { product: 'Harbor Suite', series: 'Harbor', price: 21_500 },
  { product: 'Harbor Lite', series: 'Harbor', price: 780 },
  { product: 'Meridian 900', series: 'Meridian', price: 134_000 },
] as const;

const SELLERS = [
  ['Amara Diallo', 'Ingrid Solheim', 'North'],
  ['Bruno Ferreira', 'Ingrid Solheim', 'North'],
  ['Chiara Lombardi', 'Ingrid Solheim', 'North'],
  ['Dimitra Pappas', 'Ingrid Solheim', 'North'],
  ['Emeka Obi', 'Ravi Menon', 'South'],
  ['Fatima Rahal', 'Ravi Menon', 'South'],
  ['Goran Kovac', 'Ravi Menon', 'South'],
  ['Hana Sato', 'Lucia Prieto', 'West'],
  ['Ivo Novak', 'Lucia Prieto', 'West'],
  ['Jana Urban', 'Lucia Prieto', 'West'],
] as const;
/** How many of the sellers above have no deals at all. */
const IDLE_SELLERS = 2;

const SECTORS = ['retail', 'medical', 'technolgy', 'finance', 'software', 'logistics'];
const PLACES = ['Norway', 'Spain', 'Greece', 'Philipines', 'Japan', 'United States'];
const FIRST_WORDS = ['Blue', 'Cedar', 'Delta', 'Ember', 'Falcon', 'Granite', 'Helix', 'Iris', 'Juniper', 'Kestrel'];
const SECOND_WORDS = ['Works', 'Foods', 'Clinics', 'Freight'];

const random = openRandom('dealwright sample 1');
const pick = <T>(list: readonly T[]): T => list[Math.min(list.length - 1, Math.floor(random.uniform() * list.length))] as T;

const accounts = FIRST_WORDS.flatMap((first, row) => SECOND_WORDS.slice(0, 2 + (row % 3)).map((second) => `${first} ${second}`)).map((account) => ({
  account,
  sector: pick(SECTORS),
  year: 1970 + Math.floor(random.uniform() * 50),
  revenue: (random.gamma(1.4) * 900).toFixed(2),
  employees: 20 + Math.floor(random.gamma(1.2) * 1_500),
  place: pick(PLACES),
}));

const activeSellers = SELLERS.slice(0, SELLERS.length - IDLE_SELLERS);

function idOf(index: number): string {
  const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
  let code = '';
  for (let place = 0; place < 6; place += 1) code += letters[Math.floor(random.uniform() * letters.length)];
  return `${code}${String(index % 100).padStart(2, '0')}`;
}

/** Wins come quickly or late, losses in between; the last month of a quarter wins more often. */
function closing(engagedOn: string): { readonly closedOn: string; readonly won: boolean } {
  const quick = random.uniform() < 0.35;
  const days = Math.round(quick ? 3 + random.gamma(2) * 5 : 40 + random.gamma(6) * 7);
  const closedOn = addDays(engagedOn, days);
  const lastMonth = ['03', '06', '09', '12'].includes(closedOn.slice(5, 7));
  return { closedOn, won: random.uniform() < (lastMonth ? 0.74 : 0.56) };
}

const rows: string[][] = [];
for (let index = 0; index < OPPORTUNITIES; index += 1) {
  const seller = pick(activeSellers)[0];
  const product = pick(PRODUCTS.slice(0, random.uniform() < 0.12 ? 5 : 4));
  // One product is written two ways, as in an export of two systems.
  const written = product.product === 'Atlas Pro' && random.uniform() < 0.4 ? 'AtlasPro' : product.product;
  const span = differenceInDays(LAST_DAY, FIRST_ENGAGEMENT);
  const engagedOn = addDays(FIRST_ENGAGEMENT, Math.floor(random.uniform() * span));
  const { closedOn, won } = closing(engagedOn);
  const account = pick(accounts).account;
  const id = idOf(index);
  if (random.uniform() < 0.07) rows.push([id, seller, written, random.uniform() < 0.6 ? '' : account, 'Prospecting', '', '', '']);
  else if (closedOn > LAST_DAY || closedOn < FIRST_CLOSING) rows.push([id, seller, written, random.uniform() < 0.5 ? '' : account, 'Engaging', engagedOn, '', '']);
  else {
    const value = won ? String(Math.max(1, Math.round(product.price * (0.88 + random.uniform() * 0.24)))) : '0';
    rows.push([id, seller, written, account, won ? 'Won' : 'Lost', engagedOn, closedOn, value]);
  }
}
// Three rows that no import can use: a stage nobody knows, an id that is there already, a date that does not exist.
const [first, second, third] = rows.filter((row) => row[4] === 'Won');
if (first !== undefined && second !== undefined && third !== undefined) {
  rows.push([...['X1', ...first.slice(1, 4)], 'On hold', ...first.slice(5)]);
  rows.push([...second]);
  rows.push([...['X2', ...third.slice(1, 6)], '2025-02-30', third[7] ?? '']);
}

function write(file: string, header: readonly string[], lines: readonly (readonly (string | number)[])[]): void {
  const text = [header, ...lines].map((line) => line.join(',')).join('\n');
  writeFileSync(join(values.out, file), `${text}\n`);
}

write('sales_pipeline.csv', ['opportunity_id', 'sales_agent', 'product', 'account', 'deal_stage', 'engage_date', 'close_date', 'close_value'], rows);
write('sales_teams.csv', ['sales_agent', 'manager', 'regional_office'], SELLERS);
write('products.csv', ['product', 'series', 'sales_price'], PRODUCTS.map(({ product, series, price }) => [product, series, price]));
write(
  'accounts.csv',
  ['account', 'sector', 'year_established', 'revenue', 'employees', 'office_location', 'subsidiary_of'],
  accounts.map(({ account, sector, year, revenue, employees, place }) => [account, sector, year, revenue, employees, place, '']),
);
