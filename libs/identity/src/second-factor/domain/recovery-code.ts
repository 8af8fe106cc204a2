/** RFC 4648 base32 without letters that are read as figures. */
const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

/** 80 random bits as four groups of four: `abcd-efgh-jkmn-pqrs`. */
export function recoveryCodeOf(bytes: Uint8Array): string {
  const letters = Array.from(bytes.subarray(0, 16), (byte) => LETTERS[byte % LETTERS.length] ?? '').join('');
  return letters.replace(/(.{4})(?=.)/g, '$1-');
}

/** As it is compared: however it was typed from the sheet. */
export const plainRecoveryCode = (typed: string): string => typed.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Six digits, spaces between them or not. */
export const isAppCode = (typed: string): boolean => /^\d{6}$/.test(typed.replaceAll(' ', ''));
