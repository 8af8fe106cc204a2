import { Secret, TOTP } from 'otpauth';

const PERIOD_SECONDS = 30;
const PERIOD_MS = PERIOD_SECONDS * 1000;
/** A clock that is wrong by up to one period, before and after (RFC 6238, 5.2). */
const WINDOW = 1;

const authenticator = (secret: string, label: string): TOTP =>
  new TOTP({
    issuer: 'Revisit',
    label,
    secret: Secret.fromBase32(secret),
    period: PERIOD_SECONDS,
    digits: 6,
  });

/** 160 random bits in base32. */
export const newTotpSecret = (): string => new Secret({ size: 20 }).base32;

/** What an authenticator app reads as a QR code. */
export const totpUri = (secret: string, label: string): string => authenticator(secret, label).toString();

/** The time step a code is of, or null when it is of none near `now`. */
export function totpStep(secret: string, code: string, now: Date): number | null {
  const timestamp = now.getTime();
  const token = code.replaceAll(' ', '');
  const delta = authenticator(secret, '').validate({ token, timestamp, window: WINDOW });
  return delta === null ? null : Math.floor(timestamp / PERIOD_MS) + delta;
}
