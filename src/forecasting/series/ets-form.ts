import { createDomainError } from '../../errors/domain-error.js';
import type { IssuePath } from '../../errors/issue.js';

/**
 * Form of exponential smoothing in the usual letters: error (`A`dditive, `M`ultiplicative), trend (`N`one, `A`, `Ad` damped, `M`, `Md`), season (`N`, `A`, `M`).
 *
 * @category forecasting
 */
export type EtsForm = `${'A' | 'M'}${'N' | 'A' | 'Ad' | 'M' | 'Md'}${'N' | 'A' | 'M'}`;

/** A form in numbers: 0 none or additive error, see each field. Internal. */
export interface EtsShape {
  readonly form: EtsForm;
  /** 0 additive, 1 multiplicative. */
  readonly error: 0 | 1;
  /** 0 none, 1 additive, 2 multiplicative. */
  readonly trend: 0 | 1 | 2;
  /** 0 none, 1 additive, 2 multiplicative. */
  readonly season: 0 | 1 | 2;
  readonly damped: boolean;
}

const PATTERN = /^([AM])(N|Ad|A|Md|M)([NAM])$/;

/** Reads a form. */
export function readEtsForm(value: unknown, path: IssuePath): EtsShape {
  const match = typeof value === 'string' && value.length <= 5 ? PATTERN.exec(value) : null;
  if (match === null) {
    throw createDomainError('invalid_value', path, {
      expected: 'a form such as "ANN", "AAdN" or "MAM": error A or M, trend N, A, Ad, M or Md, season N, A or M',
      received: value,
    });
  }
  const [form, error, trend, season] = match;
  return {
    // The pattern above admits nothing but an EtsForm.
    form: form as EtsForm,
    error: error === 'M' ? 1 : 0,
    trend: trend === 'N' ? 0 : trend === 'A' || trend === 'Ad' ? 1 : 2,
    season: season === 'N' ? 0 : season === 'A' ? 1 : 2,
    damped: trend === 'Ad' || trend === 'Md',
  };
}

/** The name of a form as textbooks write it: `ETS(M,Ad,A)`. */
export function nameEtsForm(shape: Pick<EtsShape, 'error' | 'trend' | 'season' | 'damped'>): string {
  const trend = shape.trend === 0 ? 'N' : `${shape.trend === 1 ? 'A' : 'M'}${shape.damped ? 'd' : ''}`;
  return `ETS(${shape.error === 1 ? 'M' : 'A'},${trend},${'NAM'[shape.season] ?? 'N'})`;
}

const ADDITIVE: readonly EtsForm[] = ['ANN', 'AAN', 'AAdN', 'ANA', 'AAA', 'AAdA'];
const MULTIPLICATIVE: readonly EtsForm[] = ['MNN', 'MAN', 'MAdN', 'MNA', 'MAA', 'MAdA', 'MNM', 'MAM', 'MAdM'];
const MULTIPLICATIVE_TREND: readonly EtsForm[] = ['MMN', 'MMdN', 'MMM', 'MMdM'];

/** The forms among which the automatic choice is made: the 15 stable ones without multiplicative trend, or 19 with it. */
export function candidateForms(options: { readonly positive: boolean; readonly seasonal: boolean; readonly multiplicativeTrend: boolean }): EtsShape[] {
  const forms = [...ADDITIVE, ...(options.positive ? MULTIPLICATIVE : []), ...(options.positive && options.multiplicativeTrend ? MULTIPLICATIVE_TREND : [])];
  return forms.map((form) => readEtsForm(form, [])).filter((shape) => options.seasonal || shape.season === 0);
}
