/** The 97.5 % point of the standard normal distribution: every 95 % interval of the reports uses this one. */
export const Z_95 = 1.959963984540054;

/** The scale on which an interval of S is symmetric; the reports show log-log, the others serve comparisons. */
export type IntervalScale = 'log-log' | 'log' | 'plain' | 'logit' | 'arcsin';

export interface Limits {
  readonly lower: number | null;
  readonly upper: number | null;
}

const UNSAID: Limits = { lower: null, upper: null };

const limitsOn: Record<IntervalScale, (s: number, logSe: number) => Limits> = {
  'log-log': (s, logSe) => {
    const centre = Math.log(-Math.log(s));
    const reach = (Z_95 * logSe) / -Math.log(s);
    return { lower: Math.exp(-Math.exp(centre + reach)), upper: Math.exp(-Math.exp(centre - reach)) };
  },
  log: (s, logSe) => ({
    lower: s * Math.exp(-Z_95 * logSe),
    upper: Math.min(1, s * Math.exp(Z_95 * logSe)),
  }),
  plain: (s, logSe) => ({
    lower: Math.max(0, s - Z_95 * logSe * s),
    upper: Math.min(1, s + Z_95 * logSe * s),
  }),
  logit: (s, logSe) => {
    const centre = Math.log(s / (1 - s));
    const reach = (Z_95 * logSe) / (1 - s);
    return { lower: 1 / (1 + Math.exp(reach - centre)), upper: 1 / (1 + Math.exp(-reach - centre)) };
  },
  arcsin: (s, logSe) => {
    const centre = Math.asin(Math.sqrt(s));
    const reach = 0.5 * Z_95 * logSe * Math.sqrt(s / (1 - s));
    return {
      lower: Math.sin(Math.max(0, centre - reach)) ** 2,
      upper: Math.sin(Math.min(Math.PI / 2, centre + reach)) ** 2,
    };
  },
};

/**
 * 95 % limits of a survival probability from the standard error of log S (Greenwood's or a robust one).
 * At S = 0 no scale has limits; at S = 1 only the plain and the log scale have (1 and 1), as in R.
 *
 * Source: Kalbfleisch & Prentice (1980) for log-log; R's survival::survfit_confint for the conventions.
 */
export function survivalInterval(survival: number, logSe: number, scale: IntervalScale): Limits {
  if (survival === 0) return UNSAID;
  if (survival === 1) return scale === 'plain' || scale === 'log' ? { lower: 1, upper: 1 } : UNSAID;
  return limitsOn[scale](survival, logSe);
}
