/** How GS1 writes the value of one application identifier (GS1 General Specifications, section 3). */
export interface IdentifierFormat {
  readonly digitsOnly: boolean;
  readonly min: number;
  readonly max: number;
  readonly isDate: boolean;
  readonly isGtin: boolean;
  /** How many digits from the first are a GS1 key whose last is its check digit; 0 for none. */
  readonly keyDigits: number;
  /** Fields of these prefixes end by their length alone, without a separator (figure 7.8.5-2). */
  readonly predefinedLength: boolean;
}

/** `<identifier or run of them> <N digits or X any><min>-<max>`. */
const TABLE = `
00 N18-18 | 01-03 N14-14 | 04 N16-16 | 10 X1-20 | 11-13 N6-6 | 15-17 N6-6 | 20 N2-2 | 21-22 X1-20
235 X1-28 | 240-241 X1-30 | 242 N1-6 | 243 X1-20 | 250-251 X1-30 | 253 X13-30 | 254 X1-20 | 255 N13-25
30 N1-8 | 37 N1-8 | 3100-3169 N6-6 | 3200-3379 N6-6 | 3400-3579 N6-6 | 3600-3699 N6-6
3900-3909 N1-15 | 3910-3919 N4-18 | 3920-3929 N1-15 | 3930-3939 N4-18 | 3940-3943 N4-4 | 3950-3955 N6-6
400-401 X1-30 | 402 N17-17 | 403 X1-30 | 410-417 N13-13 | 420 X1-20 | 421 X4-12 | 422 N3-3 | 423 N3-15
424 N3-3 | 425 N3-15 | 426 N3-3 | 427 X1-3 | 4300-4301 X1-35 | 4302-4306 X1-70 | 4307 X2-2 | 4308 X1-30 | 4309 N20-20
4310-4311 X1-35 | 4312-4316 X1-70 | 4317 X2-2 | 4318 X1-20 | 4319 X1-30 | 4320 X1-35 | 4321-4323 N1-1 | 4324-4325 N10-10
4326 N6-6 | 4330-4333 X6-7 | 7001 N13-13 | 7002 X1-30 | 7003 N10-10 | 7004 N1-4 | 7005 X1-12 | 7006 N6-6
7007 N6-12 | 7008 X1-3 | 7009 X1-10 | 7010 X1-2 | 7011 N6-10 | 7020-7022 X1-20 | 7023 X1-30
7030-7039 X4-30 | 7040 X4-4 | 7041 X1-4 | 710-717 X1-20 | 7230-7239 X3-30 | 7240 X1-20 | 7241 N2-2
7242 X1-25 | 7250 N8-8 | 7251 N12-12 | 7252 N1-1 | 7253-7254 X1-40 | 7255 X1-10 | 7256 X1-90 | 7257 X1-70
7258 X3-3 | 7259 X1-40 | 8001 N14-14 | 8002 X1-20 | 8003 X14-30 | 8004 X1-30 | 8005 N6-6 | 8006 N18-18
8007 X1-34 | 8008 N8-12 | 8009 X1-50 | 8010 X1-30 | 8011 N1-12 | 8012 X1-20 | 8013 X1-25 | 8014 X1-25
8017-8018 N18-18 | 8019 N1-10 | 8020 X1-25 | 8026 N18-18 | 8030 X1-90 | 8110 X1-70 | 8111 N4-4 | 8112 X1-70
8200 X1-70 | 90 X1-30 | 91-99 X1-90
`;

const PREDEFINED = /^(0[0-4]|1[1-9]|20|3[1-6]|41)/;
const DATES = new Set(['11', '12', '13', '15', '16', '17']);
const GTINS = new Set(['01', '02', '03']);
/** SSCC, GTIN, GDTI, GCN, GSIN, GLN, GRAI, ITIP and GSRN (GS1 Barcode Syntax Dictionary). */
const KEYS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    18: ['00', '8017', '8018'],
    17: ['402'],
    14: ['01', '02', '03', '8003', '8006', '8026'],
    13: ['253', '255', '410', '411', '412', '413', '414', '415', '416', '417'],
  }).flatMap(([digits, ais]) => ais.map((ai) => [ai, Number(digits)] as const)),
);

const FORMATS: ReadonlyMap<string, IdentifierFormat> = new Map(
  TABLE.split(/[|\n]/)
    .map((row) => /^(\d+)(?:-(\d+))? ([NX])(\d+)-(\d+)$/.exec(row.trim()))
    .flatMap((row) => {
      const [, first = '', last = first, kind, min, max] = row ?? [];
      if (!row) return [];
      return Array.from({ length: Number(last) - Number(first) + 1 }, (_, step) => {
        const ai = String(Number(first) + step).padStart(first.length, '0');
        const format: IdentifierFormat = {
          digitsOnly: kind === 'N',
          min: Number(min),
          max: Number(max),
          isDate: DATES.has(ai),
          isGtin: GTINS.has(ai),
          keyDigits: KEYS.get(ai) ?? 0,
          predefinedLength: PREDEFINED.test(ai),
        };
        return [ai, format] as const;
      });
    }),
);

/** The format of an application identifier, or undefined when GS1 defines none. */
export const formatOf = (ai: string): IdentifierFormat | undefined => FORMATS.get(ai);

/** The application identifier the text starts with; no identifier is the beginning of another. */
export const identifierAt = (text: string): string | null =>
  [2, 3, 4].map((length) => text.slice(0, length)).find((ai) => FORMATS.has(ai)) ?? null;

export const allIdentifiers = (): readonly string[] => [...FORMATS.keys()];
