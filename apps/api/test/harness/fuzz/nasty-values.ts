const LONE = '\ud800';

export const NASTY_TEXTS = [
  '',
  ' ',
  '\0',
  `a${LONE}`,
  '\u202e',
  'ﷺ'.repeat(300),
  "'; DROP TABLE patient; --",
  '=HYPERLINK("http://evil.example")',
  '../../etc/passwd',
  'a\r\nSet-Cookie: x=1',
  '<script>alert(1)</script>',
  '${7*7}',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'true',
  'NaN',
  '-0',
  '1e308',
  '0x10',
  '%00',
  '%',
  '2023-02-30',
  '0000-00-00',
  '9999-12-31',
  '10000-01-01',
  '2026-03-29T01:30',
  '2026-13-01T25:61',
  '2026-06-30T23:59:60Z',
  '-000001-01-01T00:00:00Z',
  '+275760-09-13T00:00:00.001Z',
  '24:00',
  'Mars/Olympus',
  'http://169.254.169.254/latest/meta-data',
  'file:///etc/passwd',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  // Cursors: of nothing, of the wrong things, of a number too large.
  'W10',
  'WyIiLCIiLCIwMTkwMDAwMC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDAiXQ',
  'WzFlMzA4XQ',
  'WyJcdTAwMDAiXQ',
  'x'.repeat(25_000),
];

export const NASTY_NUMBERS = [
  -1,
  0,
  -0,
  0.5,
  1e308,
  -1e308,
  5e-324,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  1.000000001,
  999_999_999,
];

/** Nested so deep that a careless walker runs out of stack. */
const deep = (levels: number): unknown => {
  let made: unknown = 1;
  for (let level = 0; level < levels; level += 1) made = level % 2 === 0 ? [made] : { a: made };
  return made;
};

export const NASTY_SHAPES: readonly unknown[] = [
  null,
  true,
  [],
  {},
  [[]],
  [null],
  [{}],
  { a: { b: { c: {} } } },
  { length: 1e9 },
  { toString: null },
  deep(900),
  Array.from({ length: 3000 }, () => 1),
];

export const BROKEN_BODIES = [
  '',
  '{',
  '[',
  'nul',
  'NaN',
  '{"a":1e999}',
  '{"a":1,"a":2}',
  '"\\ud800"',
  '{"__proto__":{}}',
  '{"constructor":{"prototype":{}}}',
  `${'['.repeat(5000)}${']'.repeat(5000)}`,
  `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`,
  `{"a":"${'x'.repeat(530_000)}"}`,
  '\ufeff{}',
  '{"a":"\u0000"}',
];

export const DAYS = ['2026-12-01', '2027-03-28', '2028-02-29', '0001-01-01', '9999-12-31'];
export const MOMENTS = [
  '2026-12-01T10:00',
  '2026-12-01T10:00:00Z',
  '2027-03-28T01:30',
  '2027-10-31T01:30',
  '9999-12-31T23:59:59Z',
  '0001-01-01T00:00:00Z',
];
export const TIMES = ['09:00', '17:30', '24:00', '00:00'];
export const WORDS = [
  'ona',
  'glabella',
  'abo',
  'forehead',
  'left',
  'midline',
  'Europe/London',
  'full',
  'touch-up',
  'UK',
  '2026-01',
  'A',
];
