/** Numbers as a reader expects them; what cannot be said is a dash, never 0. */
export const percent = (share: number | null | undefined): string =>
  typeof share === 'number' ? `${(share * 100).toFixed(1)} %` : '–';

export const interval = (lower: number | null | undefined, upper: number | null | undefined): string =>
  typeof lower === 'number' && typeof upper === 'number'
    ? `${(lower * 100).toFixed(1)}–${(upper * 100).toFixed(1)}`
    : '–';

export const days = (reached: number | string | null): string =>
  reached === null ? '–' : reached === 'not-reached' ? 'not reached' : `day ${reached}`;

/** Thin spaces between thousands. */
export const count = (n: number | null | undefined): string =>
  typeof n === 'number' ? String(n).replaceAll(/\B(?=(\d{3})+$)/g, ' ') : '–';

export const words = (name: string): string => {
  const plain = name.replaceAll('-', ' ');
  return plain.charAt(0).toUpperCase() + plain.slice(1);
};
