/** By what an erasure calls whoever it erases; both words stand in other texts too, so neither tells who anybody is. */
export const PSEUDONYM = { givenName: 'Erased', familyName: 'Patient' } as const;

/** Whether a row of a patient was left by an erasure. */
export const isPseudonym = ({
  given_name: given,
  family_name: family,
}: Readonly<Record<string, unknown>>): boolean =>
  given === PSEUDONYM.givenName && family === PSEUDONYM.familyName;
