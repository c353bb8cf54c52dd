/*
 * The standard normal distribution, unchecked: the kernels behind the public functions and behind other distributions.
 *
 * Tail: W. J. Cody, Rational Chebyshev approximations for the error function, Mathematics of Computation 23 (1969), in the arrangement
 * for the normal integral of Cody's ANORM; the exponential is split so that the relative error stays near 1e-16 far out in the tail.
 * Quantile: M. J. Wichura, Algorithm AS 241 (PPND16), Applied Statistics 37 (1988), relative error about 1e-16.
 */

const INVERSE_SQRT_2PI = 0.3989422804014327;
const SQRT_32 = 5.656854249492381;

function expOfMinusHalfSquare(y: number): number {
  const head = Math.trunc(y * 16) / 16;
  const rest = (y - head) * (y + head);
  return Math.exp(-head * head * 0.5) * Math.exp(-rest * 0.5);
}

/** Density φ(x). */
export function normalDensity(x: number): number {
  return INVERSE_SQRT_2PI * expOfMinusHalfSquare(Math.abs(x));
}

/** Half the probability between −x and x for |x| ≤ 0.67448975, with the sign of x: Φ(x) − ½. */
function centralHalf(x: number): number {
  const square = Math.abs(x) > 1.11e-16 ? x * x : 0;
  const numerator =
    (((0.065682337918207449113 * square + 2.2352520354606839287) * square + 161.02823106855587881) * square + 1067.6894854603709582) * square + 18154.981253343561249;
  const denominator = (((square + 47.20258190468824187) * square + 976.09855173777669322) * square + 10260.932208618978205) * square + 45507.789335026729956;
  return (x * numerator) / denominator;
}

/** P(Z > y) for y ≥ 0.67448975. */
function outerTail(y: number): number {
  if (y <= SQRT_32) {
    const numerator =
      (((((((1.0765576773720192317e-8 * y + 0.39894151208813466764) * y + 8.8831497943883759412) * y + 93.506656132177855979) * y + 597.27027639480026226) * y +
        2494.5375852903726711) *
        y +
        6848.1904505362823326) *
        y +
        11602.651437647350124) *
        y +
      9842.7148383839780218;
    const denominator =
      (((((((y + 22.266688044328115691) * y + 235.38790178262499861) * y + 1519.377599407554805) * y + 6485.558298266760755) * y + 18615.571640885098091) * y +
        34900.952721145977266) *
        y +
        38912.003286093271411) *
        y +
      19685.429676859990727;
    return (expOfMinusHalfSquare(y) * numerator) / denominator;
  }
  const inverse = 1 / (y * y);
  const numerator =
    ((((0.02307344176494017303 * inverse + 0.21589853405795699) * inverse + 0.1274011611602473639) * inverse + 0.022235277870649807) * inverse + 0.001421619193227893466) *
      inverse +
    2.9112874951168792e-5;
  const denominator =
    ((((inverse + 1.28426009614491121) * inverse + 0.468238212480865118) * inverse + 0.0659881378689285515) * inverse + 0.00378239633202758244) * inverse + 7.29751555083966205e-5;
  return (expOfMinusHalfSquare(y) * (INVERSE_SQRT_2PI - (inverse * numerator) / denominator)) / y;
}

/** P(Z > x) for any x; 0 where it is below the smallest number. */
export function normalTail(x: number): number {
  const y = Math.abs(x);
  if (y <= 0.67448975) return 0.5 - centralHalf(x);
  if (y > 39) return x > 0 ? 0 : 1;
  const tail = outerTail(y);
  return x > 0 ? tail : 1 - tail;
}

/** ln P(Z > x), also where the probability itself underflows. */
export function logNormalTail(x: number): number {
  if (x <= 5) return x < -5 ? Math.log1p(-outerTail(-x)) : Math.log(normalTail(x));
  if (x < 37) return Math.log(outerTail(x));
  // Asymptotic series 1 − 1/x² + 3/x⁴ − 15/x⁶ + 105/x⁸, exact to the last bit here.
  const inverse = 1 / (x * x);
  return -0.5 * x * x - Math.log(x) - 0.9189385332046727 + Math.log1p(-inverse * (1 - inverse * (3 - inverse * (15 - inverse * 105))));
}

/** z with P(Z ≤ z) = p where p ≤ ½, or its mirror image where only the upper mass q ≤ ½ is known. Both in (0, 1). */
export function normalQuantileOfTails(p: number, q: number): number {
  const central = p < q ? p - 0.5 : 0.5 - q;
  if (Math.abs(central) <= 0.425) {
    const r = 0.180625 - central * central;
    const numerator =
      ((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) *
        r +
        133.14166789178437745) *
        r +
      3.387132872796366608;
    const denominator =
      ((((((5226.495278852854561 * r + 28729.085735721942674) * r + 39307.89580009271061) * r + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) *
        r +
        42.313330701600911252) *
        r +
      1;
    return (central * numerator) / denominator;
  }
  let r = Math.sqrt(-Math.log(Math.min(p, q)));
  let value: number;
  if (r <= 5) {
    r -= 1.6;
    const numerator =
      ((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r + 1.27045825245236838258) * r + 3.64784832476320460504) * r +
        5.7694972214606914055) *
        r +
        4.6303378461565452959) *
        r +
      1.42343711074968357734;
    const denominator =
      ((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r + 0.14810397642748007459) * r + 0.68976733498510000455) * r +
        1.6763848301838038494) *
        r +
        2.05319162663775882187) *
        r +
      1;
    value = numerator / denominator;
  } else {
    r -= 5;
    const numerator =
      ((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r + 0.026532189526576123093) * r + 0.29656057182850489123) * r +
        1.7848265399172913358) *
        r +
        5.4637849111641143699) *
        r +
      6.6579046435011037772;
    const denominator =
      ((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r +
        0.13692988092273580531) *
        r +
        0.59983220655588793769) *
        r +
      1;
    value = numerator / denominator;
  }
  return p < q ? -value : value;
}

/** Φ⁻¹(p), 0 < p < 1. */
export function normalQuantileOf(p: number): number {
  return normalQuantileOfTails(p, 1 - p);
}
