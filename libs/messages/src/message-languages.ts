/** The languages messages to patients can be written in. */
export const MESSAGE_LANGUAGES = ['en', 'de', 'fr', 'it', 'es'] as const;
export type MessageLanguage = (typeof MESSAGE_LANGUAGES)[number];

/** The patient's own (BCP 47: de-CH is written as de) where messages are written in it, else the clinic's. */
export function messageLanguageOf(own: string | null, clinics: string): MessageLanguage {
  const known = (tag: string | null): MessageLanguage | undefined =>
    MESSAGE_LANGUAGES.find((language) => language === tag?.split('-')[0]?.toLowerCase());
  return known(own) ?? known(clinics) ?? 'en';
}
