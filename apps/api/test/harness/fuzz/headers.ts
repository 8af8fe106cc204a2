import fc from 'fast-check';

const RARE = fc.record(
  {
    'if-match': fc.constantFrom('"1"', '"2"', '*', 'W/"1"', '""', '"99999999999"', 'x', '"1", "2"'),
    'idempotency-key': fc.oneof(fc.uuid(), fc.constantFrom('a', 'the-same-again', ' ', 'x'.repeat(300), 'ü')),
    'x-request-id': fc.constantFrom('0123456789', '<script>', 'x'.repeat(200)),
    'content-type': fc.constantFrom(
      'application/json',
      'application/json; charset=utf-16',
      'application/x-www-form-urlencoded',
      'text/plain',
      'multipart/form-data',
      'multipart/form-data; boundary=',
      '',
      'x',
    ),
    'content-encoding': fc.constantFrom('gzip', 'br', 'identity', 'x'),
    accept: fc.constantFrom('*/*', 'text/html', 'text/csv', 'application/xml', ''),
    'accept-language': fc.constantFrom('de', '*', 'x'.repeat(500)),
    authorization: fc.constantFrom('Basic eDp5', 'Bearer', `Bearer ${'A'.repeat(43)}`, 'Bearer rvk_', 'ü'),
    'x-forwarded-for': fc.constantFrom('127.0.0.1', "'; --", 'x'.repeat(300)),
    range: fc.constantFrom('bytes=0-1', 'bytes=9-1', 'x'),
  },
  { requiredKeys: [] },
);
/** Headers as clients send them, mostly none. */
export const HEADERS: fc.Arbitrary<Record<string, string>> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({}) },
  { weight: 2, arbitrary: fc.constantFrom({ 'if-match': '"1"' }, { 'idempotency-key': 'the-same-again' }) },
  // Few at once: a request refused for one header tells nothing of the others.
  {
    weight: 2,
    arbitrary: fc
      .tuple(RARE, fc.nat())
      .map(([all, which]) => Object.fromEntries(Object.entries(all).filter((_, i) => i % 5 === which % 5))),
  },
);
