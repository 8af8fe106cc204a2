import { PasswordRefused } from './domain/account.errors.js';
import { assertNotPlain } from './domain/password-rules.js';

/** zxcvbn's 3 of 4: more than 10^8 guesses, so that no list of common passwords, sequences or repeats holds it. */
const STRONG_ENOUGH = 3;
const LONGEST_LOOKED_AT = 64;

type Check = (password: string, words: string[]) => number;
let estimator: Promise<Check> | undefined;

/** The lists are large: read at the first password that is set. */
async function load(): Promise<Check> {
  const [{ ZxcvbnFactory }, { dictionary, adjacencyGraphs }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ]);
  const factory = new ZxcvbnFactory({
    dictionary,
    graphs: adjacencyGraphs,
    maxLength: LONGEST_LOOKED_AT,
  });
  return (password, words) => factory.check(password, words).score;
}

/** Refuses a password that is short, common or of the context; all offline. @throws PasswordRefused */
export async function assertStrong(password: string, context: readonly string[]): Promise<void> {
  assertNotPlain(password, context);
  const check = await (estimator ??= load());
  if (check(password.normalize('NFC'), [...context]) < STRONG_ENOUGH)
    throw new PasswordRefused({ because: 'common' });
}
